import type { ReactNode } from 'react';

interface PanelProps {
  /** Id of the heading, which names the region. */
  id: string;
  title: string;
  /** Id of the section's heading, where several sections have a panel of this title. */
  of?: string;
  /** 3 within a section that has an `h2`, 2 straight under the page's `h1`. */
  level?: 2 | 3;
  /** Right of the title: a badge, a control. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled box of the page. */
export function Panel({ id, title, of, level = 3, aside, children }: PanelProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section
      aria-labelledby={of === undefined ? id : `${id} ${of}`}
      data-panel
      className="flex min-w-0 flex-col rounded-md border border-line bg-panel"
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <Heading id={id} className="text-sm font-semibold">
          {title}
        </Heading>
        <div className="ms-auto flex flex-wrap items-center gap-2">{aside}</div>
      </header>
      <div className="flex min-w-0 flex-1 flex-col gap-4 p-3">{children}</div>
    </section>
  );
}

/** A small heading inside a panel. */
export function PanelHeading({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3">
      <h4 className="text-xs font-medium text-ink-2">{children}</h4>
      {aside === undefined ? null : <span className="text-xs text-ink-3">{aside}</span>}
    </div>
  );
}
