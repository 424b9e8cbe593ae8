import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'sim' | 'accent';

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  sim: 'bg-sim-soft text-sim',
  accent: 'bg-accent-soft text-accent',
};

interface BadgeProps {
  tone: Tone;
  children: ReactNode;
  title?: string;
}

/** A short state in words; colour only supports it. */
export function Badge({ tone, children, title }: BadgeProps) {
  return (
    <span
      title={title}
      className={`inline-flex items-center rounded px-1.5 py-px text-2xs font-semibold whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}

/** Marks what a simulated engine produced, wherever a person looks; nothing for `none`. */
export function SimulatedBadge({ simulated }: { simulated: 'none' | 'some' | 'all' }) {
  if (simulated === 'none') return null;
  return (
    <Badge tone="sim" title="From a simulated engine. Not a measurement of real hardware.">
      {simulated === 'all' ? 'SIMULATED' : 'PARTLY SIMULATED'}
    </Badge>
  );
}
