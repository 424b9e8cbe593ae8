/** What the form holds, as typed. */
export interface QuoteFields {
  name: string;
  accelerator: string;
  accelerators: string;
  basis: string;
  usd: string;
  lowWeeks: string;
  highWeeks: string;
  site: string;
  totalKw: string;
  validUntil: string;
}

export const EMPTY_QUOTE: QuoteFields = {
  name: '',
  accelerator: '',
  accelerators: '',
  basis: 'rent',
  usd: '',
  lowWeeks: '',
  highWeeks: '',
  site: 'ours',
  totalKw: '',
  validUntil: '',
};

/** The body that the API takes: what was left empty is left out, never 0. */
export function quoteFormBody(fields: QuoteFields): Record<string, unknown> {
  const price =
    fields.basis === 'rent'
      ? { basis: 'rent', usdPerAcceleratorHour: Number(fields.usd) }
      : { basis: 'own', usdPerAccelerator: Number(fields.usd) };
  const low = Number(fields.lowWeeks);
  return {
    name: fields.name.trim(),
    accelerator: fields.accelerator.trim(),
    accelerators: Number(fields.accelerators),
    price,
    site: fields.site,
    leadWeeks: { low, high: fields.highWeeks === '' ? low : Number(fields.highWeeks) },
    ...(fields.totalKw === '' ? {} : { totalKw: Number(fields.totalKw) }),
    ...(fields.validUntil === '' ? {} : { validUntil: fields.validUntil }),
  };
}
