import { expect, test } from 'vitest';
import { quoteBody } from './quote-plan.ts';

const plan = {
  workload: { model: 'm', requestsPerS: 1.5 },
  deployment: { replicas: 1 },
  limits: { usdPerHour: 9 },
};

test('quotes are compared at the asked traffic and site, not on the fleet of today', () => {
  expect(quoteBody(plan, { factor: 4, siteKw: 12, neededBy: '2027-01-31' })).toEqual({
    plan: {
      workload: { model: 'm', requestsPerS: 6 },
      limits: { usdPerHour: 9, siteKw: 12 },
    },
    neededBy: '2027-01-31',
  });
});

test('what is not known stays out of the question', () => {
  const bare = { workload: plan.workload };
  expect(quoteBody(bare, { factor: 1, siteKw: null, neededBy: '' })).toEqual({ plan: bare });
});
