import type { ServiceAnswer } from '../api/types.ts';
import { formatCount, formatMean, formatMs, formatShare, formatUsd, formatWh } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { BasisTag, Value } from '../ui/value.tsx';
import { METRICS } from '../words.ts';
import { JobLine } from './job-line.tsx';
import { formatRate } from './plan-format.ts';
import type { PredictedLatency, ServePrediction } from './plan-shapes.ts';
import type { UsedPlan } from './use-plan.ts';

interface PredictionPanelProps {
  used: UsedPlan<ServePrediction>;
  answer: ServiceAnswer | undefined;
}

/** The three answers for the fleet of today at the traffic of the slider, beside what is measured now. */
export function PredictionPanel({ used, answer }: PredictionPanelProps) {
  return (
    <Panel
      id="plan-prediction"
      level={2}
      title="The three answers at this traffic, with today's fleet"
      aside={<JobLine used={used} what="the prediction" testId="plan-state" />}
    >
      <Failure what="the prediction" error={used.error} shownSinceMs={null} />
      {used.result === undefined ? null : <Prediction prediction={used.result} answer={answer} />}
    </Panel>
  );
}

interface PredictionProps {
  prediction: ServePrediction;
  answer: ServiceAnswer | undefined;
}

const LATENCIES = [
  ['ttft', 'ttftMs'],
  ['tpot', 'tpotMs'],
  ['e2e', 'e2eMs'],
] as const;

function Prediction({ prediction, answer }: PredictionProps) {
  const { evaluation, units, saturationPerS } = prediction;
  const missed = new Set(evaluation.violations.map(({ field }) => field));
  return (
    <>
      <ScrollTable label="Predicted beside measured">
        <thead>
          <tr>
            <HeadCell>Answer</HeadCell>
            <HeadCell numeric>Predicted</HeadCell>
            <HeadCell numeric>Interval</HeadCell>
            <HeadCell numeric>Measured now</HeadCell>
            <HeadCell>Target</HeadCell>
          </tr>
        </thead>
        <tbody>
          {LATENCIES.map(([metric, key]) => (
            <LatencyRow
              key={key}
              name={`p99 ${METRICS[metric].short}`}
              testId={`plan-${metric}-p99`}
              predicted={prediction.latency[key].p99}
              measuredMs={answer?.latency.find((one) => one.metric === metric)?.p99Ms ?? null}
              missed={missed.has(`slo.${key}.p99`)}
            />
          ))}
          <PlainRow
            name="Cost of 1,000 requests"
            testId="plan-cost-1000"
            predicted={units?.per1000RequestsUsd ?? null}
            measured={answer?.cost.per1kRequestsUsd ?? null}
            format={formatUsd}
          />
          <PlainRow
            name="Accelerator time in use"
            testId="plan-busy"
            predicted={1 - evaluation.utilization.idle}
            measured={answer?.utilization.busyShare ?? null}
            format={formatShare}
          />
          <PlainRow
            name="Energy of a request"
            testId="plan-energy"
            predicted={evaluation.whPerRequest}
            measured={answer?.energy.perRequestWh ?? null}
            format={formatWh}
          />
        </tbody>
      </ScrollTable>
      <p className="text-xs text-ink-2">
        {formatUsd(evaluation.usdPerHour)} an hour for {formatCount(evaluation.accelerators)}{' '}
        {evaluation.accelerators === 1 ? 'accelerator' : 'accelerators'} ({evaluation.priceSource});
        saturates at {saturationPerS === null ? 'an unknown rate' : formatRate(saturationPerS)};
        step times from {evaluation.provenance.join(', ')}, within{' '}
        {formatShare(prediction.modelErrorShare)}.
      </p>
      {prediction.fitted === null ? null : <SecondOpinion fitted={prediction.fitted} />}
      {prediction.notes.map((note) => (
        <p key={note} className="text-xs text-warn">
          {note}
        </p>
      ))}
    </>
  );
}

/** What measured runs of real engines say of the same replica. */
function SecondOpinion({ fitted }: { fitted: NonNullable<ServePrediction['fitted']> }) {
  const { ttft, tpot, concurrency } = fitted;
  return (
    <p data-testid="plan-fitted" className="text-xs text-ink-2">
      Second opinion, fitted to published runs at {formatMean(concurrency)} requests in flight:
      typical TTFT {formatMs(ttft.ms)} ({formatMs(ttft.lowMs)} to {formatMs(ttft.highMs)}), TPOT{' '}
      {formatMs(tpot.ms)} ({formatMs(tpot.lowMs)} to {formatMs(tpot.highMs)}), 90{'\u00a0'}%
      intervals.
    </p>
  );
}

interface LatencyRowProps {
  name: string;
  testId: string;
  predicted: PredictedLatency;
  measuredMs: number | null;
  missed: boolean;
}

function LatencyRow({ name, testId, predicted, measuredMs, missed }: LatencyRowProps) {
  return (
    <tr>
      <RowHead>{name}</RowHead>
      <Cell numeric>
        <Value value={predicted.value} format={formatMs} testId={testId} />{' '}
        <BasisTag basis="modelled" />
      </Cell>
      <Cell numeric>
        {formatMs(predicted.lowest)} to {formatMs(predicted.highest)}
      </Cell>
      <Cell numeric>
        <Value value={measuredMs} format={formatMs} />
      </Cell>
      <Cell>{missed ? <span className="text-bad">missed</span> : null}</Cell>
    </tr>
  );
}

interface PlainRowProps {
  name: string;
  testId: string;
  predicted: number | null;
  measured: number | null;
  format: (value: number | null) => string;
}

function PlainRow({ name, testId, predicted, measured, format }: PlainRowProps) {
  return (
    <tr>
      <RowHead>{name}</RowHead>
      <Cell numeric>
        <Value value={predicted} format={format} testId={testId} /> <BasisTag basis="modelled" />
      </Cell>
      <Cell numeric>{''}</Cell>
      <Cell numeric>
        <Value value={measured} format={format} />
      </Cell>
      <Cell>{''}</Cell>
    </tr>
  );
}
