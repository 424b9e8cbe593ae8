import type { PlanFinding } from '../plan-file/parse-yaml-plan.ts';
import { STATE_BYTES_PER_PARAM, trainingMemory } from './training-memory.ts';
import type { TrainingPlan } from './training-plan.ts';
import { trainingSetup, type TrainingSetup } from './training-setup.ts';

/** Nothing, or that the model does not fit and the smallest change after which it does. */
export function memoryFinding(setup: TrainingSetup): PlanFinding[] {
  const { plan, model, accelerator } = setup;
  const { totalBytes, stateBytes, usableBytes, fits } = trainingMemory(setup);
  if (fits) return [];
  const gb = (bytes: number): string => (bytes / 1e9).toFixed(1);
  const stateRules = stateBytes > totalBytes / 2;
  const path = stateRules ? ['parallel', 'tensor'] : ['recompute'];
  const fix = firstThatFits(plan);
  return [
    {
      path,
      message:
        `${model.name} does not fit: ${gb(totalBytes)} GB a card (${gb(stateBytes)} of weights, gradients and ` +
        `optimizer) of ${gb(usableBytes)} GB usable on ${accelerator.name}: ` +
        (fix === null ? moreAccelerators(setup) : `set ${fix}`),
      suggestion: null,
    },
  ];
}

/** Even with everything shared, the state alone takes 18 bytes a parameter. */
function moreAccelerators(setup: TrainingSetup): string {
  const { usableBytes } = trainingMemory(setup);
  const least = Math.ceil((setup.model.paramsTotal * STATE_BYTES_PER_PARAM) / usableBytes);
  return (
    `no layout on ${setup.plan.accelerators} fits: use accelerators with more memory, or more of them ` +
    `(its state alone takes ${least})`
  );
}

interface Change {
  words: string;
  plan: TrainingPlan;
}

/** Changes in the order of what they cost, each alone and then the layouts with all others. */
function firstThatFits(plan: TrainingPlan): string | null {
  return candidates(plan).find(({ plan: one }) => fits(one))?.words ?? null;
}

function fits(plan: TrainingPlan): boolean {
  const checked = trainingSetup(plan);
  return checked.ok && trainingMemory(checked.setup).fits;
}

function candidates(plan: TrainingPlan): Change[] {
  const single: Change[] = [
    ...atLeast(plan.parallel.zeroStage, [1, 2, 3]).map((zeroStage) => layout(plan, { zeroStage })),
    ...(plan.recompute === 'none' ? [recompute(plan, 'selective')] : []),
    ...(plan.recompute === 'full' ? [] : [recompute(plan, 'full')]),
  ];
  const layouts = DEGREES.flatMap((degree) =>
    SPLITS.filter(([tensor, pipeline]) => tensor * pipeline === degree).map(([tensor, pipeline]) =>
      layout(plan, { tensor, pipeline }),
    ),
  );
  const both = layouts.flatMap((change) => [
    withWords(recompute(change.plan, 'full'), `${change.words}, recompute full`),
  ]);
  return [...single, ...layouts, ...both];
}

const DEGREES = [2, 4, 8, 16, 32, 64, 128, 256, 512] as const;
const POWERS = [1, 2, 4, 8, 16, 32, 64] as const;
const SPLITS = POWERS.flatMap((tensor) => POWERS.map((pipeline) => [tensor, pipeline] as const))
  // Tensor parallelism belongs inside a node; more of it than 8 seldom does.
  .filter(([tensor]) => tensor <= 8);

const atLeast = (value: number, choices: readonly number[]): number[] =>
  choices.filter((one) => one > value);

function layout(plan: TrainingPlan, change: Partial<TrainingPlan['parallel']>): Change {
  const words = Object.entries(change).map(([key, value]) => `parallel.${key} ${value}`);
  const parallel = { ...plan.parallel, ...change };
  return { words: words.join(' and '), plan: { ...plan, parallel } };
}

const recompute = (plan: TrainingPlan, how: TrainingPlan['recompute']): Change => ({
  words: `recompute ${how}`,
  plan: { ...plan, recompute: how },
});

const withWords = ({ plan }: Change, words: string): Change => ({ words, plan });
