import { z } from 'zod';
import { datedQuote } from '../../records/vendor-quote.ts';
import { answer, probeReport, review, vendor } from './vendor-records.ts';

/** Whole vendors with their history, as JSON. Documents stay where they are: answers name them by hash. */
export const vendorExport = z.strictObject({
  version: z.literal(1),
  vendors: z
    .array(
      z.strictObject({
        vendor,
        answers: z.array(answer),
        reviews: z.array(review),
        probes: z.array(probeReport),
        quotes: z.array(datedQuote),
      }),
    )
    .max(200),
});
export type VendorExport = z.infer<typeof vendorExport>;
