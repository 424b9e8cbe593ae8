import type { LiveState } from '../api/live.ts';

const WORDS: Record<LiveState, { label: string; colour: string }> = {
  off: { label: 'Paused', colour: 'var(--c-slate)' },
  connecting: { label: 'Connecting', colour: 'var(--c-amber)' },
  live: { label: 'Live', colour: 'var(--c-green)' },
  waiting: { label: 'Reconnecting', colour: 'var(--c-amber)' },
};

/** Whether the page follows new records by itself. */
export function LiveBadge({ state }: { state: LiveState }) {
  const { label, colour } = WORDS[state];
  return (
    <span
      role="status"
      data-testid="live"
      data-value={state}
      className="inline-flex items-center gap-1.5 text-xs text-ink-2"
    >
      <span aria-hidden="true" className="size-2 rounded-full" style={{ background: colour }} />
      {label}
    </span>
  );
}
