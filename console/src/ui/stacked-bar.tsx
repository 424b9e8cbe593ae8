export interface Segment {
  key: string;
  /** In words, as the legend beside it says. */
  label: string;
  /** 0..1; the shares of one bar sum to at most 1. */
  share: number;
  /** A CSS colour, usually a custom property. */
  colour: string;
}

interface StackedBarProps {
  segments: readonly Segment[];
  /** Sentence for those who do not see the bar. */
  label: string;
}

/** Parts of a whole in one line. The figures are in the legend that the caller puts beside it. */
export function StackedBar({ segments, label }: StackedBarProps) {
  return (
    <div
      role="img"
      aria-label={label}
      className="flex h-3 w-full gap-px overflow-hidden rounded-sm bg-sunken"
    >
      {segments
        .filter((segment) => segment.share > 0)
        .map((segment) => (
          <div
            key={segment.key}
            title={segment.label}
            style={{ width: `${segment.share * 100}%`, background: segment.colour }}
          />
        ))}
    </div>
  );
}

/** The legend's colour patch. */
export function Swatch({ colour }: { colour: string }) {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-2 shrink-0 rounded-[2px]"
      style={{ background: colour }}
    />
  );
}
