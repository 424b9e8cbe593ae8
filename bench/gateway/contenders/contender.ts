import type { Endpoint } from '../client.ts';

/** What a contender may use. */
export interface Place {
  upstreamPort: number;
  /** A folder of its own for files; removed after the run. */
  dir: string;
  /** CPUs to run on, as taskset takes them; null: wherever. */
  cpus: string | null;
}

/** A contender that runs. */
export interface Running {
  endpoint: Endpoint;
  /**
   * Its processes by what they do. `serve` is what carries requests; `ledger` exists only for Tailrace and is
   * what keeps its records. Asked anew, since processes may be replaced.
   */
  processes(): { serve: number[]; ledger: number[] };
  stop(): Promise<void>;
}

/** One gateway that is compared. `start` throws with the reason when it cannot be had. */
export interface Contender {
  name: string;
  /** What of governance it does while it is measured, in words for the report. */
  does: string;
  start(place: Place): Promise<Running>;
}
