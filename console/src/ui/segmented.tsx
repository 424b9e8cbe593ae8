import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: ReadonlyArray<{ value: T; label: string; title?: string }>;
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
          title={option.title}
          className="min-h-6 rounded-[3px] px-2 text-xs text-ink-2 hover:text-ink data-pressed:bg-panel data-pressed:font-medium data-pressed:text-ink data-pressed:shadow-xs"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
