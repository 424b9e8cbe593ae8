/** Why time passed, in the order of the columns of `RequestLog.causesMs`. */
export const CAUSES = [
  'queueMs',
  'preemptionMs',
  'interferenceMs',
  'computeMs',
  'memoryMs',
  'networkMs',
  'hostMs',
] as const;

/**
 * Account of every request of a run, one column per figure (128 bytes a request). Times are
 * simulated seconds; NaN until they happen.
 */
export interface RequestLog {
  readonly size: number;
  readonly arrivedS: Float64Array;
  /** When it was handed to the replica that has it. */
  readonly submittedS: Float64Array;
  /** When the engine took it off its inbox, which it looks at between steps. */
  readonly queuedS: Float64Array;
  /** Start of its first step. */
  readonly startedS: Float64Array;
  readonly firstTokenS: Float64Array;
  readonly lastTokenS: Float64Array;
  readonly outputTokens: Int32Array;
  /** Prompt tokens that the prefix cache gave at the first admission. */
  readonly cachedTokens: Int32Array;
  readonly preemptions: Uint16Array;
  /** One column per entry of CAUSES: milliseconds of the request's time. */
  readonly causesMs: readonly Float64Array[];
  readonly state: Uint8Array;
}

/** States of a request in the log. */
export const REQUEST = { open: 0, finished: 1, refused: 2 } as const;

export function createRequestLog(size: number): RequestLog {
  const times = (): Float64Array => new Float64Array(size).fill(Number.NaN);
  return {
    size,
    arrivedS: times(),
    submittedS: times(),
    queuedS: times(),
    startedS: times(),
    firstTokenS: times(),
    lastTokenS: times(),
    outputTokens: new Int32Array(size),
    cachedTokens: new Int32Array(size),
    preemptions: new Uint16Array(size),
    causesMs: CAUSES.map(() => new Float64Array(size)),
    state: new Uint8Array(size),
  };
}
