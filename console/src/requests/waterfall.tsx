import type { RequestRecord } from '../api/types.ts';
import { formatMs, formatShare } from '../format.ts';
import { phasesOf, type PhaseKind } from './phases.ts';

const COLOURS: Record<PhaseKind, string> = {
  queue: 'var(--c-amber)',
  gateway: 'var(--c-slate)',
  attempt: 'var(--c-red)',
  'retry-wait': 'var(--c-amber)',
  'engine-queue': 'var(--c-violet)',
  prefill: 'var(--c-teal)',
  'first-token': 'var(--c-sky)',
  decode: 'var(--c-blue)',
  upstream: 'var(--c-slate)',
};

/** Where one request's time went, phase by phase; a list whose bars only support the words. */
export function Waterfall({ record }: { record: RequestRecord }) {
  const phases = phasesOf(record);
  const { e2eMs } = record.latency;
  if (phases.length === 0) return <p className="text-xs text-ink-3">It took no measurable time.</p>;
  return (
    <ol data-testid="waterfall" className="flex flex-col gap-1.5 text-xs">
      {phases.map((phase) => (
        <li
          key={`${phase.kind} ${phase.startMs}`}
          data-testid={`phase.${phase.kind}`}
          data-value={phase.durationMs}
          className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 sm:grid-cols-[13rem_minmax(0,1fr)_8.5rem] sm:items-center"
        >
          <span className="min-w-0 break-words">
            {phase.label}
            {phase.note === null ? null : (
              <span className="block text-2xs text-ink-3">{phase.note}</span>
            )}
          </span>
          <span
            aria-hidden="true"
            className="relative order-last col-span-2 h-3 bg-sunken sm:order-none sm:col-span-1"
          >
            <span
              className="absolute inset-y-0 min-w-[2px]"
              style={{
                left: `${(phase.startMs / e2eMs) * 100}%`,
                width: `${(phase.durationMs / e2eMs) * 100}%`,
                background: COLOURS[phase.kind],
              }}
            />
          </span>
          <span className="text-end whitespace-nowrap">
            <span className="font-medium">{formatMs(phase.durationMs)}</span>{' '}
            <span className="inline-block w-14 text-ink-3">
              {formatShare(phase.durationMs / e2eMs)}
            </span>
          </span>
        </li>
      ))}
      <li className="flex justify-between border-t border-line pt-1 font-medium">
        <span>End to end</span>
        <span>{formatMs(e2eMs)}</span>
      </li>
    </ol>
  );
}
