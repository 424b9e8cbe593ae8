import { createEngine } from '../engine/create-engine.ts';
import { createPipeline } from './pipeline.ts';
import { createReplica, noTotals, type Replica, type ReplicaTotals } from './replica.ts';
import type { RequestLog } from './request-log.ts';
import type { ReplicaSpec } from './simulate-serving.ts';

/**
 * One replica of a fleet. With pipeline stages it schedules as many batches as it has stages, each with its own sequences and its
 * part of the KV blocks, as engines do that give every micro-batch a scheduler of its own (vLLM's virtual engines, SGLang's
 * micro-batches); a request goes to the batch with the fewest. Layers divide evenly, the head among them, and the bubble is what no
 * batch fills. vLLM V1 shares one KV cache among its batches, which holds more when their requests differ much.
 */
export function createFleetReplica(
  spec: ReplicaSpec,
  log: RequestLog,
  options: { fastPath: boolean },
): Replica {
  const { pipeline = null, engine } = spec;
  if (pipeline === null || pipeline.stages === 1) {
    return createReplica({ ...spec, ...createEngine(engine), pipeline: null }, log, options);
  }
  const { stages, transferMs } = pipeline;
  const passage = createPipeline(stages);
  const kvBlocks = Math.max(1, Math.floor(engine.kvBlocks / stages));
  const batches = Array.from({ length: stages }, () =>
    createReplica(
      { ...spec, ...createEngine({ ...engine, kvBlocks }), pipeline: { passage, transferMs } },
      log,
      { fastPath: false },
    ),
  );
  return together(batches);
}

function together(batches: readonly Replica[]): Replica {
  const least = (of: (batch: Replica) => number): Replica =>
    batches.reduce((best, one) => (of(one) < of(best) ? one : best));
  return {
    get totals() {
      return batches.reduce((sum, one) => addTotals(sum, one.totals), noTotals());
    },
    get endS() {
      return Math.min(...batches.map((one) => one.endS));
    },
    outstanding: () => batches.reduce((sum, one) => sum + one.outstanding(), 0),
    submit(index, request, nowS) {
      least((one) => one.outstanding()).submit(index, request, nowS);
    },
    advance(quietUntilS) {
      least((one) => one.endS).advance(quietUntilS);
    },
    takeFinished: () => batches.flatMap((one) => one.takeFinished()),
    fail: (nowS) => batches.flatMap((one) => one.fail(nowS)),
  };
}

function addTotals(sum: ReplicaTotals, one: ReplicaTotals): ReplicaTotals {
  return {
    busyS: sum.busyS + one.busyS,
    computeS: sum.computeS + one.computeS,
    memoryS: sum.memoryS + one.memoryS,
    networkS: sum.networkS + one.networkS,
    hostS: sum.hostS + one.hostS,
    kvTokenSeconds: sum.kvTokenSeconds + one.kvTokenSeconds,
    // The batches need not be fullest at the same time: an upper bound.
    kvTokensMax: sum.kvTokensMax + one.kvTokensMax,
    kvFullS: sum.kvFullS + one.kvFullS,
    steps: sum.steps + one.steps,
    preemptions: sum.preemptions + one.preemptions,
    busyEnergyJ: sum.busyEnergyJ + one.busyEnergyJ,
  };
}
