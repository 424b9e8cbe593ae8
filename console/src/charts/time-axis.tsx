import { formatStep } from '../format.ts';

interface TimeAxisProps {
  fromMs: number;
  toMs: number;
  /** How many labels fit. */
  labels: number;
}

/** Labels under a chart, evenly spread from its start to its end. */
export function TimeAxis({ fromMs, toMs, labels }: TimeAxisProps) {
  const count = Math.max(2, labels);
  return (
    <div aria-hidden="true" className="flex justify-between pt-1 text-2xs text-ink-3">
      {Array.from({ length: count }, (_, index) => {
        const atMs = fromMs + ((toMs - fromMs) * index) / (count - 1);
        return <span key={index}>{formatStep(atMs, toMs - fromMs)}</span>;
      })}
    </div>
  );
}
