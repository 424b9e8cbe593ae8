import type { Collector } from '../collector.ts';

/** Mean grade of the vendors that are marked critical. */
export const vendorGrade: Collector = {
  id: 'vendor-grade',
  source: 'vendor',
  query: '/api/v1/vendors',
  async organisation(facts) {
    const vendors = (await facts.sources.vendors?.()) ?? null;
    if (vendors === null || vendors.count === 0) return null;
    const { meanGrade, count, atMs } = vendors;
    const statement = `${count} critical vendors are graded ${meanGrade.toFixed(2)} on average.`;
    return { value: meanGrade, coverage: 1, simulated: false, statement, atMs };
  },
};
