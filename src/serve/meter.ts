import type { RequestCost, RequestEnergy, TokenCounts } from '../records/request-record.ts';
import type { SimulationReport } from '../records/simulation.ts';

/** What is known of a finished request when it is priced. */
export interface MeterFacts {
  engine: string;
  modelServed: string;
  startedAtMs: number;
  tokens: TokenCounts;
  /** Requests in flight at the same engine from this worker, this one included. */
  inFlight: number;
  simulation: SimulationReport | null;
}

/** Prices a request at settle. Pure and quick (microseconds): it runs on the request path. */
export interface Meter {
  price(facts: MeterFacts): { cost: RequestCost; energy: RequestEnergy };
}
