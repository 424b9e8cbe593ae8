import { isServed } from '../../../measure/answers/service-facts.ts';
import { percent, serviceCollector } from '../collector.ts';

/** Share of replies whose energy is known. */
export const energyKnown = serviceCollector(
  { id: 'energy-known', source: 'ledger', query: '/api/v1/answers?since=30d', combine: 'least' },
  async (facts, window, service) => {
    const cells = (await facts.cells(window)).filter(
      (cell) => cell.service === service.name && isServed(cell),
    );
    const replies = cells.reduce((sum, cell) => sum + cell.requests, 0);
    if (replies === 0) return null;
    const unknown = cells.reduce((sum, cell) => sum + cell.energyWh.unknownCount, 0);
    const value = 1 - unknown / replies;
    return {
      value,
      coverage: await facts.coverage(window),
      simulated: cells.some((cell) => cell.simulatedRequests > 0),
      statement: `energy is known for ${percent(value)} of ${replies} replies.`,
    };
  },
);
