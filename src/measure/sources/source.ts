import type { EngineSample } from '../../records/engine-sample.ts';

/**
 * Reads the state of one engine at intervals. Each call of `scrape` answers for the time since the
 * call before it (the first: since the source was made) and never rejects: what could not be read is null.
 */
export interface Source {
  readonly engine: string;
  scrape(): Promise<EngineSample>;
}
