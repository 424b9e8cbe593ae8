import { SPEND_CAUSES, type SpendCause } from '../plan/training/training-spend.ts';
import type { Spread } from '../plan/training/simulate-training.ts';
import type { TrainingReport } from '../plan/training/training-report.ts';
import { count, share, usd } from './answer-units.ts';

const CAUSE_WORDS: Readonly<Record<SpendCause, string>> = {
  compute: 'model arithmetic',
  recompute: 'recomputation',
  pipelineBubble: 'pipeline bubble',
  communication: 'communication',
  dataInput: 'data input',
  stragglers: 'stragglers',
  stepOverhead: 'step overhead',
  checkpoint: 'checkpoint stall',
  lostWork: 'lost work',
  failureDetection: 'failure detection',
  restart: 'restart',
};

const BAR_COLUMNS = 30;

/** A training plan as a person reads it: result, spend by cause as bars, and what to change. */
export function renderTraining(report: TrainingReport): string {
  const { run } = report;
  const wasted = 1 - run.shares.compute;
  const lost = run.costUsd === null ? '' : ` (${usd(run.costUsd.mean * wasted)})`;
  const cards = `${count(report.accelerators)} x ${report.accelerator}`;
  const lines = [
    `${report.model} on ${cards}, ${tokens(report.tokens)} tokens`,
    '',
    ...facts(report).map(([name, value]) => `  ${name.padEnd(22)}${value}`),
    '',
    `spend by cause: ${share(wasted, 1)} is not model arithmetic${lost}`,
    ...bars(report),
    '',
    ...fixLines(report),
    '',
    ...report.notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function facts({
  run,
  memory,
  dataParallel,
  microBatches,
}: TrainingReport): Array<[string, string]> {
  const { step, checkpoint } = run;
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    ['wall time', `${days(run.wallHours)}, ${count(run.steps)} steps`],
    [
      'step',
      `${(step.stepS * 1000).toPrecision(4)} ms (${step.provenance}), MFU ${share(step.mfu, 1)}`,
    ],
    ['layout', `${dataParallel} data-parallel, ${microBatches} micro-batches a step`],
    ['memory', `${gb(memory.totalBytes)} of ${gb(memory.usableBytes)} a card`],
    [
      'effective time',
      `${share(run.effectiveTimeShare, 1)}, ${run.failures.mean.toFixed(1)} failures`,
    ],
    ...(checkpoint === null ? [] : [checkpointFact(checkpoint)]),
    ['cost', run.costUsd === null ? 'unknown' : `${usd(run.costUsd.mean)} (${run.usdBasis})`],
    ['per trillion tokens', usd(run.costUsdPerTrillionTokens)],
    ['energy', run.energyKwh === null ? 'unknown' : `${count(run.energyKwh)} kWh`],
  ];
}

function checkpointFact(
  checkpoint: NonNullable<TrainingReport['run']['checkpoint']>,
): [string, string] {
  const minutes = (seconds: number | null): string =>
    seconds === null ? 'unknown' : `${(seconds / 60).toPrecision(3)} min`;
  const every =
    checkpoint.intervalS === null ? 'never written' : `every ${minutes(checkpoint.intervalS)}`;
  const optima =
    checkpoint.simulatedS === null
      ? ''
      : `; best ${minutes(checkpoint.simulatedS)} simulated, ${minutes(checkpoint.dalyS)} Daly, ` +
        `${minutes(checkpoint.youngS)} Young`;
  return ['checkpoint', `${every}, stalls ${minutes(checkpoint.timing.stallS)}${optima}`];
}

function bars({ run }: TrainingReport): string[] {
  const largest = Math.max(...Object.values(run.shares));
  return SPEND_CAUSES.filter((cause) => run.shares[cause] > 0).map((cause) => {
    const part = run.shares[cause];
    const bar = '#'.repeat(Math.max(1, Math.round((part / largest) * BAR_COLUMNS)));
    const money = run.costUsd === null ? '' : usd(run.costUsd.mean * part).padStart(16);
    return `  ${CAUSE_WORDS[cause].padEnd(18)}${share(part, 1).padStart(7)}${money}  ${bar}`;
  });
}

function fixLines({ fixes }: TrainingReport): string[] {
  if (fixes.length === 0) return ['no change that was tried saves anything'];
  return [
    'what a change would save, each alone, its own price not counted',
    ...fixes.map((fix) => {
      const money = fix.savedUsd === null ? '' : `, ${usd(fix.savedUsd)}`;
      return `  ${share(fix.savedShare, 1)}${money}, ${fix.savedHours.toFixed(1)} h: ${fix.change}`;
    }),
  ];
}

function days({ mean, low, high }: Spread): string {
  const one = (hours: number): string => (hours / 24).toPrecision(4);
  const range = low === high ? '' : ` (90 % of runs: ${one(low)} to ${one(high)})`;
  return `${one(mean)} days${range}`;
}

function tokens(value: number): string {
  const units: Array<[number, string]> = [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
  ];
  const found = units.find(([unit]) => value >= unit);
  return found === undefined
    ? count(value)
    : `${Number((value / found[0]).toPrecision(4))} ${found[1]}`;
}
