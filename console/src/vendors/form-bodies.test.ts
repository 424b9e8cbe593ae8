import { expect, test } from 'vitest';
import { EMPTY_PROBE, probeBody } from './probe-body.ts';
import { EMPTY_QUOTE, quoteFormBody } from './quote-body.ts';

test('what was left empty is left out of a probe', () => {
  const fields = {
    ...EMPTY_PROBE,
    endpoint: ' https://api.example/v1 ',
    model: 'm',
    maxUsd: '0.5',
  };
  expect(probeBody(fields)).toEqual({
    endpoint: 'https://api.example/v1',
    model: 'm',
    requests: 160,
    perSecond: 4,
    maxUsd: 0.5,
  });
  expect(probeBody({ ...fields, key: 'k', usdIn: '0' })).toMatchObject({
    key: 'k',
    usdPerMillionInput: 0,
  });
});

test('a quote is for rent or for sale; one lead time stands for both ends', () => {
  const fields = {
    ...EMPTY_QUOTE,
    name: 'spring',
    accelerator: 'h100-sxm',
    accelerators: '8',
    usd: '2.5',
    lowWeeks: '4',
  };
  expect(quoteFormBody(fields)).toEqual({
    name: 'spring',
    accelerator: 'h100-sxm',
    accelerators: 8,
    price: { basis: 'rent', usdPerAcceleratorHour: 2.5 },
    site: 'ours',
    leadWeeks: { low: 4, high: 4 },
  });
  const bought = quoteFormBody({ ...fields, basis: 'own', usd: '30000', totalKw: '9' });
  expect(bought).toMatchObject({ price: { basis: 'own', usdPerAccelerator: 30_000 }, totalKw: 9 });
});
