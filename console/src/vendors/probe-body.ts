/** What the form holds, as typed. */
export interface ProbeFields {
  endpoint: string;
  model: string;
  key: string;
  requests: string;
  perSecond: string;
  usdIn: string;
  usdOut: string;
  maxUsd: string;
}

export const EMPTY_PROBE: ProbeFields = {
  endpoint: '',
  model: '',
  key: '',
  requests: '160',
  perSecond: '4',
  usdIn: '',
  usdOut: '',
  maxUsd: '',
};

/** The body that the API takes: what was left empty is left out, never 0. */
export function probeBody(fields: ProbeFields): Record<string, string | number> {
  const numbers = {
    requests: fields.requests,
    perSecond: fields.perSecond,
    usdPerMillionInput: fields.usdIn,
    usdPerMillionOutput: fields.usdOut,
    maxUsd: fields.maxUsd,
  };
  return {
    endpoint: fields.endpoint.trim(),
    model: fields.model.trim(),
    ...(fields.key === '' ? {} : { key: fields.key }),
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([name, text]) =>
        text.trim() === '' ? [] : [[name, Number(text)]],
      ),
    ),
  };
}
