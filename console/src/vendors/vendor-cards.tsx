import { formatCount, formatDateTime, formatNoun } from '../format.ts';
import { LAYERS } from '../layers.ts';
import { Badge, SimulatedBadge } from '../ui/badge.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Panel } from '../ui/panel.tsx';
import { SaveButton } from '../ui/save-button.tsx';
import { AnswersImport } from './answers-import.tsx';
import { LinkMaker } from './link-maker.tsx';
import { ProbeForm } from './probe-form.tsx';
import { QuoteForm } from './quote-form.tsx';
import { VendorDiff } from './vendor-diff.tsx';
import type { Vendor } from './vendor-shapes.ts';

const FULL_SCORE = 3;

/** Each vendor: its score, where it is weak, and what we saw that contradicts it. */
export function VendorCards({ vendors }: { vendors: readonly Vendor[] }) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {vendors.map((vendor) => (
        <VendorCard key={vendor.id} vendor={vendor} />
      ))}
    </div>
  );
}

function VendorCard({ vendor }: { vendor: Vendor }) {
  const total = vendor.grades.reduce((sum, count) => sum + count, 0);
  return (
    <Panel
      id={`vendor-${vendor.id}`}
      level={2}
      title={vendor.name}
      aside={
        <>
          <SimulatedBadge simulated={vendor.simulated ? 'some' : 'none'} />
          {vendor.critical ? <Badge tone="accent">critical</Badge> : null}
          <Badge tone="neutral">{vendor.kind}</Badge>
        </>
      }
    >
      <p className="text-sm">
        <strong
          data-testid={`vendor-score-${vendor.id}`}
          data-value={vendor.score}
          className="text-lg"
        >
          {vendor.score.toFixed(2)}
        </strong>{' '}
        <span className="text-ink-3">of {FULL_SCORE}</span>, {formatCount(vendor.answered)} of{' '}
        {formatCount(total)} answered,{' '}
        {vendor.probedAtMs === null ? 'not probed' : `probed ${formatDateTime(vendor.probedAtMs)}`}
      </p>
      <Layers vendor={vendor} />
      {vendor.contradictions.length === 0 ? null : (
        <div className="text-xs text-bad">
          <p className="font-medium">Contradicted</p>
          <ul className="list-disc ps-4">
            {vendor.contradictions.map((one) => (
              <li key={one.question} data-testid="contradiction">
                {one.question}: {one.note}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <Disclosure
          summary={<span className="text-xs">{formatNoun(vendor.gaps.length, 'gap')}</span>}
        >
          <p className="text-xs text-ink-2">{vendor.gaps.join(', ')}</p>
        </Disclosure>
        <Disclosure summary={<span className="text-xs">Probe its endpoint</span>}>
          <ProbeForm vendor={vendor.id} />
        </Disclosure>
        <Disclosure summary={<span className="text-xs">Enter a quote</span>}>
          <QuoteForm vendor={vendor.id} />
        </Disclosure>
        <Disclosure summary={<span className="text-xs">Ask, import, export, changes</span>}>
          <LinkMaker vendor={vendor.id} />
          <div>
            <SaveButton
              path={`vendors/${encodeURIComponent(vendor.id)}/answers.csv`}
              query={{}}
              name={`${vendor.id}.csv`}
            >
              Answers as CSV
            </SaveButton>
          </div>
          <AnswersImport vendor={vendor.id} />
          <VendorDiff vendor={vendor.id} />
        </Disclosure>
      </div>
    </Panel>
  );
}

function Layers({ vendor }: { vendor: Vendor }) {
  return (
    <ul className="flex flex-col gap-0.5 text-xs">
      {vendor.layers.map(({ layer, score }) => {
        const name = LAYERS.find((one) => one.id === layer)?.label ?? layer;
        return (
          <li key={layer} className="grid grid-cols-[8rem_minmax(0,1fr)_2.5rem] items-center gap-2">
            <span className="text-ink-2">{name}</span>
            <meter
              aria-label={`${name} of ${vendor.name}`}
              min={0}
              max={FULL_SCORE}
              value={score}
              className="h-2 w-full"
            />
            <span className="text-end">{score.toFixed(1)}</span>
          </li>
        );
      })}
    </ul>
  );
}
