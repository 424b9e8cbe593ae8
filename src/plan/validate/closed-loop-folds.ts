import { createHash } from 'node:crypto';
import { fitClosedLoopModel, type ClosedLoopModel } from '../time/fitted/closed-loop-model.ts';
import type { KeyedRun } from '../time/fitted/fit-file.ts';
import {
  predictClosedLoop,
  type ClosedLoopPrediction,
} from '../time/fitted/predict-closed-loop.ts';

/** A measured run beside a prediction that did not see it, nor any of its group. */
export interface Scored {
  run: KeyedRun;
  prediction: ClosedLoopPrediction;
}

/**
 * Predicts every run of `scored` from `known` without the runs of its own group, in `folds` parts; groups
 * that `known` does not have are predicted from all of it. A group goes to a part by the hash of its name,
 * so that the split does not depend on the order of rows. `onPart` is told how many parts are done.
 */
export function predictUnseen(
  known: readonly KeyedRun[],
  scored: readonly KeyedRun[],
  groupOf: (run: KeyedRun) => string,
  folds: number,
  onPart: (done: number, of: number) => void = () => {},
): Scored[] {
  const knownGroups = new Set(known.map(groupOf));
  const partOf = (group: string): number =>
    knownGroups.has(group) ? partNumber(group, folds) : -1;
  const parts = [...Map.groupBy(scored, (run) => partOf(groupOf(run)))];
  return parts.flatMap(([part, members], i) => {
    const without = new Set(members.map(groupOf));
    // All groups of the part are left out, also those that no scored run is of: parts stay alike.
    const training = known.filter((run) => {
      const group = groupOf(run);
      return !without.has(group) && (part === -1 || partOf(group) !== part);
    });
    const answers = answerAll(fitClosedLoopModel(training), members);
    onPart(i + 1, parts.length);
    return answers;
  });
}

function answerAll(model: ClosedLoopModel, runs: readonly KeyedRun[]): Scored[] {
  return runs.map((run) => {
    const prediction = predictClosedLoop(model, run.query);
    if (!prediction.ok) throw prediction.error;
    return { run, prediction: prediction.value };
  });
}

const partNumber = (group: string, folds: number): number =>
  createHash('sha256').update(group).digest().readUInt32BE(0) % folds;
