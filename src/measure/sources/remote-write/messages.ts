import { message } from '../protobuf/message.ts';

/** prometheus.WriteRequest and io.prometheus.write.v2.Request, as the two specifications print them. */
const label = message(`
  1 name string
  2 value string`);
const sample = message(`
  1 value sample
  2 timestamp int`);
const exemplar = message(`
  2 value double
  3 timestamp int`);
/** Of the buckets nothing is used; `takeSeries` says what is. */
const histogram = message(`
  1 countInt int
  2 countFloat double
  3 sum double
  15 timestamp int`);
const seriesV1 = message(
  `
  1 labels label*
  2 samples sample*
  3 exemplars exemplar*
  4 histograms histogram*`,
  {
    label: () => label,
    sample: () => sample,
    exemplar: () => exemplar,
    histogram: () => histogram,
  },
);
const seriesV2 = message(
  `
  1 labelsRefs int*
  2 samples sample*
  3 histograms histogram*
  4 exemplars exemplar*`,
  { sample: () => sample, exemplar: () => exemplar, histogram: () => histogram },
);

export const requestV1 = message('1 timeseries series*', { series: () => seriesV1 });

export const requestV2 = message(
  `
  4 symbols string*
  5 timeseries series*`,
  { series: () => seriesV2 },
);
