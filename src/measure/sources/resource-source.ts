import type { Basis } from '../../records/basis.ts';
import type { Result } from '../../records/errors.ts';
import type { Reading } from './series-tracker.ts';

/** What one look at a source brought. Names are those of an exporter that `mapping/` knows. */
export interface SourceReadings {
  readings: Iterable<Reading>;
  help?: ReadonlyMap<string, string>;
  basis: Basis;
}

/**
 * Something that is looked at in intervals. `read` never rejects: what could not be read is an error that says why.
 * `target` tells the targets of one configured source apart.
 */
export interface ResourceSource {
  readonly source: string;
  readonly target: string;
  readonly intervalMs: number;
  readonly node: string | null;
  read(): Promise<Result<SourceReadings>>;
}

/** Runs a program and resolves to what it prints; rejects when it cannot be run, fails or takes too long. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<string>;
