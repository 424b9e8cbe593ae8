import type { ServiceAnswer } from '../../../measure/answers/answers.ts';
import { serviceCollector, type Collector } from '../collector.ts';

/** A collector that asks whether a figure of the cost answer is known. */
const costKnown = (
  id: string,
  known: (cost: ServiceAnswer['cost']) => { is: boolean; statement: string },
): Collector =>
  serviceCollector(
    { id, source: 'ledger', query: '/api/v1/answers?since=30d', combine: 'share' },
    async (facts, window, service) => {
      const answer = await facts.answer(window, service.name);
      if (answer === null) return null;
      const { is, statement } = known(answer.cost);
      return {
        value: is ? 1 : 0,
        coverage: await facts.coverage(window),
        simulated: answer.simulated !== 'none',
        statement,
      };
    },
  );

const usd = (value: number | null): string =>
  value === null ? 'unknown' : `$${value.toPrecision(3)}`;

/** Cost per request and per million tokens. */
export const unitCosts = costKnown('unit-costs', (cost) => ({
  is: cost.perRequestUsd !== null && cost.perMTokenUsd !== null,
  statement: `${usd(cost.perRequestUsd)} a request, ${usd(cost.perMTokenUsd)} a million tokens.`,
}));

/** Cost of the next request when traffic doubles. */
export const marginalCost = costKnown('marginal-cost', ({ marginal }) => ({
  is: marginal.perRequestUsd !== null,
  statement: `${usd(marginal.perRequestUsd)} for the next request at twice the traffic.`,
}));

/** Idle time has a price, or costs nothing as with public APIs; retries are part of a request's cost. */
export const wastePriced = costKnown('waste-priced', (cost) => ({
  is: cost.kind === 'api' ? cost.usageUsd !== null : cost.idleUsd !== null,
  statement:
    cost.kind === 'api' ? 'billed by the token: idle time is free.' : `idle ${usd(cost.idleUsd)}.`,
}));
