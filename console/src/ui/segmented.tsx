import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';

interface SegmentedOption<T extends string> {
  value: T;
  label: string;
  title?: string;
  /** Shown instead of the label, which then names it for those who do not see it. */
  icon?: ReactNode;
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: ReadonlyArray<SegmentedOption<T>>;
  onChange: (value: T) => void;
}

/** One of a few: a single tab stop with arrow keys inside (roving, by Base UI's toggle group). */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: SegmentedProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => {
        // Pressing the pressed one gives nothing; one of them stays chosen.
        if (next !== undefined) onChange(next);
      }}
      className="inline-flex rounded border border-line bg-sunken p-px"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          title={option.title ?? (option.icon === undefined ? undefined : option.label)}
          aria-label={option.icon === undefined ? undefined : option.label}
          className="inline-flex min-h-6 items-center rounded-[3px] px-1.5 text-xs sm:px-2 text-ink-2 hover:text-ink data-pressed:bg-panel data-pressed:font-medium data-pressed:text-ink data-pressed:shadow-xs"
        >
          {option.icon ?? option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
