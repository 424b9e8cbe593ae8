import { useState } from 'react';
import type { PlanBody, TrainingReport } from '../api/types.ts';
import { formatShare, formatUsd } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Button } from '../ui/button.tsx';
import { InputField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { BasisTag, Value } from '../ui/value.tsx';
import { JobLine } from './job-line.tsx';
import { TRAINING_DEFAULTS, trainingPlan, type TrainingFields } from './training-plan.ts';
import { usePlan } from './use-plan.ts';

const FIELDS: ReadonlyArray<readonly [keyof TrainingFields, string]> = [
  ['model', 'Model of the catalog'],
  ['accelerator', 'Accelerator of the catalog'],
  ['accelerators', 'Accelerators'],
  ['tokens', 'Tokens of the run'],
  ['globalBatchSequences', 'Sequences of a step'],
  ['dataPercent', 'Data loading, % of demand'],
  ['mtbfHours', 'Hours between failures of one'],
  ['storageGbPerS', 'Checkpoint storage, GB/s'],
];

/** A training run: what it costs, how long it takes, where the spend goes, and what would save some. */
export function TrainingPanel() {
  const [fields, setFields] = useState(TRAINING_DEFAULTS);
  const [plan, setPlan] = useState<PlanBody | null>(null);
  const used = usePlan<TrainingReport>('train', plan);
  return (
    <Panel
      id="plan-training"
      level={2}
      title="A training run"
      aside={plan === null ? null : <JobLine used={used} what="the run" testId="training-state" />}
    >
      <form
        aria-label="A training run"
        className="grid grid-cols-2 items-end gap-2 md:grid-cols-4"
        onSubmit={(event) => {
          event.preventDefault();
          setPlan(trainingPlan(fields));
        }}
      >
        {FIELDS.map(([key, label]) => (
          <InputField
            key={key}
            label={label}
            value={fields[key]}
            onInput={(value) => {
              setFields((old) => ({ ...old, [key]: value }));
            }}
          />
        ))}
        <Button type="submit">Simulate the run</Button>
      </form>
      <Failure what="the training run" error={used.error} shownSinceMs={null} />
      {used.result === undefined ? null : <Report report={used.result} />}
    </Panel>
  );
}

function Report({ report }: { report: TrainingReport }) {
  const { run, fixes, notes } = report;
  const cost = run.costUsd?.mean ?? null;
  const shares = Object.entries(run.shares)
    .filter(([, share]) => share > 0.0005)
    .toSorted((a, b) => b[1] - a[1]);
  return (
    <>
      <p className="text-xs text-ink-2">
        <Value value={cost} format={formatUsd} testId="training-cost" />{' '}
        <BasisTag basis="modelled" /> for {formatDays(run.wallHours.mean)} (
        {formatDays(run.wallHours.low)} to {formatDays(run.wallHours.high)});{' '}
        {formatUsd(run.costUsdPerTrillionTokens)} per trillion tokens; {formatShare(run.step.mfu)}{' '}
        of peak arithmetic in a step.
      </p>
      <ScrollTable label="Where the spend of the run goes">
        <thead>
          <tr>
            <HeadCell>Cause</HeadCell>
            <HeadCell numeric>Share</HeadCell>
            <HeadCell numeric>Money</HeadCell>
          </tr>
        </thead>
        <tbody>
          {shares.map(([cause, share]) => (
            <tr key={cause}>
              <RowHead>{wordsOf(cause)}</RowHead>
              <Cell numeric>
                <Value value={share} format={formatShare} testId={`training-${cause}`} />
              </Cell>
              <Cell numeric>{formatUsd(cost === null ? null : cost * share)}</Cell>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {fixes.map((fix) => (
        <p key={fix.change} data-testid="training-fix" className="text-xs">
          {fix.change}: saves {formatShare(fix.savedShare)}, {formatUsd(fix.savedUsd)}.
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} className="text-xs text-ink-3">
          {note}
        </p>
      ))}
    </>
  );
}

const formatDays = (hours: number): string => `${Number((hours / 24).toPrecision(3))}\u00a0days`;

/** `pipelineBubble` as `pipeline bubble`. */
const wordsOf = (cause: string): string =>
  cause.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
