/** A thread of the host, a stream of a device, or ranges that the profiler copied onto a stream. */
export interface Track {
  kind: 'host' | 'device' | 'annotations';
  /** `process/thread` as the trace has them. */
  thread: string;
  /** Null for the host. */
  device: number | null;
  stream: number | null;
  events: number;
  /** Events nested deeper than the timeline has lanes for; in no lane and in no busy time. */
  hidden: number;
}

/** Events of one track at one depth of nesting: rows `from` to `to`, by start, never overlapping. */
export interface Lane {
  track: number;
  depth: number;
  from: number;
  to: number;
}

export interface Step {
  name: string;
  startUs: number;
  durationUs: number;
}

/**
 * One trace as the console draws it. Rows stand lane by lane; times are microseconds since
 * `originUs`, the start of the first event.
 */
export interface Timeline {
  /** On the profiler's clock. */
  originUs: number;
  /** What the profiler's clock counts from, microseconds since 1970; 0 where the trace does not say. */
  baseUs: number;
  /** From the first start to the last end. */
  spanUs: number;
  tracks: readonly Track[];
  lanes: readonly Lane[];
  steps: readonly Step[];
  names: readonly string[];
  startUs: Float64Array;
  durationUs: Float64Array;
  /** Into `names`. */
  name: Int32Array;
  /** Into CATEGORIES. */
  category: Uint8Array;
  /** Joins a launch with its work; -1 where there is none. */
  correlation: Float64Array;
}

/** The power of two at or above the span: tiles halve it, so that every boundary is exact. */
export const extentUs = (spanUs: number): number =>
  spanUs <= 1 ? 1 : 2 ** Math.ceil(Math.log2(spanUs));
