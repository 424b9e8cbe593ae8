import type { ReactNode } from 'react';

interface NoticeProps {
  tone: 'warn' | 'bad' | 'neutral';
  title: string;
  children?: ReactNode;
  /** `alert` interrupts a screen reader; leave out for what was there from the start. */
  role?: 'alert' | 'status';
}

const tones = {
  neutral: 'border-line bg-panel text-ink-2',
  warn: 'border-warn/40 bg-warn-soft text-warn',
  bad: 'border-bad/40 bg-bad-soft text-bad',
};

/** A message that concerns the whole page or section. */
export function Notice({ tone, title, children, role }: NoticeProps) {
  return (
    <div role={role} className={`rounded-md border px-3 py-2 text-sm ${tones[tone]}`}>
      <p className="font-medium">{title}</p>
      {children === undefined ? null : <div className="mt-0.5 break-words">{children}</div>}
    </div>
  );
}

/** A quiet line in place of what is being read. */
export function Loading({ what }: { what: string }) {
  return (
    <p role="status" className="py-6 text-center text-sm text-ink-3">
      Reading {what}…
    </p>
  );
}
