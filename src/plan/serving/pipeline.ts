/** Layers of one replica spread over stages, one after another. */
export interface PipelineSettings {
  stages: number;
  /** Time to hand the hidden states of a step's tokens from one stage to the next, milliseconds. */
  transferMs: (tokens: number) => number;
}

/** The stages of a replica in simulated time: a step takes each in turn, steps keep their order. */
export interface Pipeline {
  readonly stages: number;
  /**
   * A step enters now; when it leaves the last stage, seconds. `stageS` is its time in each stage, `transferS` between two.
   * Steps enter in order of time.
   */
  enter(nowS: number, stageS: number, transferS: number): number;
}

/**
 * A stage takes one step at a time, so that a step waits for the one ahead: the recurrence of GPipe's schedule (Huang et al.,
 * arXiv 1811.06965), by which m equal steps leave p stages after (m + p - 1) stage times and (p - 1) / (m + p - 1) of
 * the stages' time is a bubble.
 */
export function createPipeline(stages: number): Pipeline {
  const freeS = new Float64Array(stages);
  return {
    stages,
    enter(nowS, stageS, transferS) {
      let atS = nowS;
      for (let stage = 0; stage < stages; stage += 1) {
        if (stage > 0) atS += transferS;
        atS = Math.max(atS, freeS[stage] ?? 0) + stageS;
        freeS[stage] = atS;
      }
      return atS;
    },
  };
}
