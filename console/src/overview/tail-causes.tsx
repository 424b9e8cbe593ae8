import type { TailAnswer } from '../api/types.ts';
import { formatCount, formatMs, formatShare } from '../format.ts';
import { PanelHeading } from '../ui/panel.tsx';
import { StackedBar, Swatch, type Segment } from '../ui/stacked-bar.tsx';
import { Value } from '../ui/value.tsx';
import { TAIL_CAUSES } from '../words.ts';
import { answerId } from './answer-id.ts';

/** Where the time of the slowest requests went. */
export function TailCauses({ service, tail }: { service: string; tail: TailAnswer }) {
  const segments: Segment[] = tail.causes.map(({ cause, share }) => ({
    key: cause,
    share,
    label: `${TAIL_CAUSES[cause].label}: ${formatShare(share)}`,
    colour: TAIL_CAUSES[cause].colour,
  }));
  return (
    <div>
      <PanelHeading aside={`${formatCount(tail.sampleCount)} kept requests at or above p95`}>
        Where the tail comes from
      </PanelHeading>
      {tail.causes.length === 0 ? (
        <p className="text-xs text-ink-3 italic">unknown: no slow request was kept</p>
      ) : (
        <>
          <StackedBar
            segments={segments}
            label={`Time of the slow requests: ${segments.map((one) => one.label).join(', ')}`}
          />
          <ul className="mt-2 grid gap-x-4 gap-y-0.5 text-xs sm:grid-cols-2 lg:grid-cols-1">
            {tail.causes.map(({ cause, share, meanMs }) => (
              <li key={cause} className="flex items-center gap-2">
                <Swatch colour={TAIL_CAUSES[cause].colour} />
                <span className="min-w-0 flex-1 truncate text-ink-2">
                  {TAIL_CAUSES[cause].label}
                </span>
                <span className="text-ink-3">{formatMs(meanMs)} mean</span>
                <span className="w-14 text-end font-medium">
                  <Value
                    value={share}
                    format={formatShare}
                    testId={answerId(service, `tail-${cause}`)}
                  />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
