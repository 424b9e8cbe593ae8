import type { Running } from '../contenders/contender.ts';

/** How much one run measures. */
export interface Effort {
  /** Of each measurement, seconds. */
  seconds: number;
  /** Streams at once in the stream cases. */
  streams: number;
  /** Requests per second of the latency case; null: half of what Tailrace can carry. */
  ratePerS: number | null;
  memorySeconds: number;
  /** Folder for scratch files. */
  dir: string;
}

/** Figures of one contender in one round, by metric name; the unit ends the name. */
export type Figures = Record<string, number>;

export interface Case {
  name: string;
  what: string;
  /** Contenders that take part, in the order of the report. */
  contenders: readonly string[];
  measure(running: Running, effort: Effort, name: string): Promise<Figures>;
}
