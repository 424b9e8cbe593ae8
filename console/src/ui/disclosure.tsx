import type { ReactNode } from 'react';

interface DisclosureProps {
  summary: ReactNode;
  children: ReactNode;
  open?: boolean;
  testId?: string;
  value?: string;
}

/** Details a click away; the browser's own, so keyboard, search and print work. */
export function Disclosure({ summary, children, open = false, testId, value }: DisclosureProps) {
  return (
    <details
      open={open}
      data-testid={testId}
      data-value={value}
      className="border-t border-line first:border-t-0"
    >
      <summary className="flex list-none items-start gap-2 py-2 marker:hidden">
        <span aria-hidden="true" className="mt-0.5 text-ink-3 [details[open]>summary>&]:rotate-90">
          ›
        </span>
        <span className="min-w-0 flex-1">{summary}</span>
      </summary>
      <div className="flex flex-col gap-2 ps-4 pb-3">{children}</div>
    </details>
  );
}
