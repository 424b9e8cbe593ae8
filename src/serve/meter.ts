import type {
  RequestCost,
  RequestEnergy,
  TokenCounts,
  UsageSource,
} from '../records/request-record.ts';
import type { SimulationReport } from '../records/simulation.ts';

/** What is known of a finished request when it is priced. */
export interface MeterFacts {
  engine: string;
  modelServed: string;
  startedAtMs: number;
  tokens: TokenCounts;
  /** Money from tokens that were counted here is estimated too. Absent: the engine's own report. */
  usageSource?: UsageSource;
  /** Requests in flight at the same engine from this worker, this one included. */
  inFlight: number;
  simulation: SimulationReport | null;
}

/** Prices a request at settle. Pure and quick (microseconds): it runs on the request path. */
export interface Meter {
  price(facts: MeterFacts): { cost: RequestCost; energy: RequestEnergy };
}
