import type { ReadSample } from './emulation.ts';
import type { DatasetFile, DatasetPlan } from './dataset-plan.ts';

/**
 * `bypassed`: reads went past the page cache of this machine (O_DIRECT). `possible`: they may have come from it.
 * `memory`: the place is memory. `remote`: over the network, caches there are not known.
 */
export type CacheState = 'bypassed' | 'possible' | 'memory' | 'remote';

/** An open way to read a data set. */
export interface DatasetReader {
  read: ReadSample;
  /** What the operating system may have added to the speed of the storage. */
  cache: CacheState;
  /** Reads that are under way at once, at most. */
  parallel: number;
  close(): Promise<void>;
}

/** Where a data set is: a folder or a bucket. Errors are TR_PROBE_FAILED with the place and the fix. */
export interface DatasetStore {
  /** As a person names it. */
  readonly place: string;
  /** Files of the plan that are not there in full. */
  missing(plan: DatasetPlan): Promise<DatasetFile[]>;
  /** Bytes that may still be written; null where the place does not tell. */
  freeBytes(): Promise<number | null>;
  /** Writes one file so that it is either whole or missing. */
  write(plan: DatasetPlan, file: DatasetFile): Promise<void>;
  openReader(plan: DatasetPlan, parallel: number): Promise<DatasetReader>;
  remove(plan: DatasetPlan): Promise<void>;
}
