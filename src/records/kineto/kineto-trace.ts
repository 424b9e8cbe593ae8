import type { EventTable } from './event-table.ts';

/** Arguments of an operator that was recorded with shapes. */
export interface OperatorShapes {
  /** Sizes of each input; an empty list for what is no tensor. */
  dims: ReadonlyArray<readonly number[]>;
  /** Element type of each input, as the profiler names it: `float`, `c10::Half`. */
  types: readonly string[];
  /** Values of inputs that are no tensors, as text; empty where not recorded. */
  concrete: readonly string[];
}

/** One accelerator as the trace describes it; null where it does not say. */
export interface TraceDevice {
  id: number;
  name: string | null;
  multiprocessors: number | null;
  /** CUDA compute capability, `7.0`; null where the trace has none. */
  capability: string | null;
  memoryBytes: number | null;
}

/** One trace in memory. Frames, flows, counters and instants are counted and not kept. */
export interface KinetoTrace {
  /** The name that messages give. */
  file: string;
  events: EventTable;
  names: readonly string[];
  threads: readonly string[];
  /** Shapes by row of `events`, for operators that `keepShapesOf` chose. */
  shapes: ReadonlyMap<number, OperatorShapes>;
  devices: readonly TraceDevice[];
  /** Rank in the job; null when the job is not distributed. */
  rank: number | null;
  worldSize: number | null;
  /** Fields beside the events. */
  fields: Readonly<Record<string, unknown>>;
  /** Events of every phase in the file. */
  eventCount: number;
  /** Python and C frames among them. */
  frameCount: number;
  /** True when some time stamp is not whole microseconds, or some event has none. */
  fractional: boolean;
  /** Start of the very first event when it is a complete one; null otherwise. */
  firstStartUs: number | null;
}
