import { Link } from '@tanstack/react-router';
import type { ServiceAnswer, UtilizationAnswer } from '../api/types.ts';
import { formatShare, formatUsd } from '../format.ts';
import { Panel, PanelHeading } from '../ui/panel.tsx';
import { StackedBar, Swatch, type Segment } from '../ui/stacked-bar.tsx';
import { Value } from '../ui/value.tsx';
import { UTILIZATION_CAUSES } from '../words.ts';
import { answerId } from './answer-id.ts';
import { EngineList } from './engine-list.tsx';
import { sectionTitleId } from './section-id.ts';

/** Answer 3: how much of what is paid for does work, why not more, and what that costs. */
export function UtilizationPanel({ answer, id }: { answer: ServiceAnswer; id: string }) {
  const { utilization, service } = answer;
  return (
    <Panel id={id} of={sectionTitleId(answer.service)} title="Utilization and why">
      <div>
        <p className="text-base">
          <Value
            value={utilization.busyShare}
            format={formatShare}
            testId={answerId(service, 'busy-share')}
            className="font-semibold"
          />{' '}
          <span className="text-xs text-ink-3">of the accelerator time paid for was busy</span>
        </p>
        <p
          data-testid={answerId(service, 'sentence')}
          data-value={utilization.sentence}
          className="mt-1 text-xs break-words text-ink-2"
        >
          {utilization.sentence}
        </p>
        <p className="mt-1 text-xs" data-screen-only>
          <Link to="/why" search={{ subject: service }} className="text-accent underline">
            Every accelerator-hour of {service}, in money
          </Link>
        </p>
      </div>
      <Causes service={service} causes={utilization.causes} />
      {utilization.engines.length > 0 ? <EngineList engines={utilization.engines} /> : null}
    </Panel>
  );
}

/** A newer server may name causes that this page, opened before it, has no words for. */
const wordsOf = (cause: string): { label: string; colour: string } => {
  const known: Partial<Record<string, { label: string; colour: string }>> = UTILIZATION_CAUSES;
  return known[cause] ?? { label: cause.replaceAll('-', ' '), colour: 'var(--c-empty)' };
};

interface CausesProps {
  service: string;
  causes: UtilizationAnswer['causes'];
}

function Causes({ service, causes }: CausesProps) {
  if (causes.length === 0) {
    return <p className="text-xs text-ink-3 italic">causes unknown: no engine was sampled</p>;
  }
  const segments: Segment[] = causes.map(({ cause, share }) => ({
    key: cause,
    share,
    label: `${wordsOf(cause).label}: ${formatShare(share)}`,
    colour: wordsOf(cause).colour,
  }));
  return (
    <div>
      <PanelHeading>Time paid for, by cause</PanelHeading>
      <StackedBar
        segments={segments}
        label={`Time paid for: ${segments.map((one) => one.label).join(', ')}`}
      />
      <ul className="mt-2 flex flex-col gap-0.5 text-xs">
        {causes.map(({ cause, share, usd }) => (
          <li key={cause} className="flex items-center gap-2">
            <Swatch colour={wordsOf(cause).colour} />
            <span className="min-w-0 flex-1 truncate text-ink-2">{wordsOf(cause).label}</span>
            <span className="text-ink-3">
              <Value
                value={usd}
                format={formatUsd}
                testId={answerId(service, `loss-${cause}-usd`)}
              />
            </span>
            <span className="w-14 text-end font-medium">
              <Value
                value={share}
                format={formatShare}
                testId={answerId(service, `loss-${cause}-share`)}
              />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
