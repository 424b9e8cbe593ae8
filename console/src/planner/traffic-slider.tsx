import { useEffect, useId, useState } from 'react';
import { formatRate } from './plan-format.ts';
import { Panel } from '../ui/panel.tsx';

interface TrafficSliderProps {
  /** Measured load, requests a second. */
  ratePerS: number;
  /** Position: half doublings of the measured load. */
  halves: number;
  onHalves: (halves: number) => void;
}

/** A pause after the last move before it counts, so that dragging does not start a plan at each stop. */
const SETTLE_MS = 200;

/** How many times today's traffic; the arrow keys move it by half a doubling. */
export function TrafficSlider({ ratePerS, halves, onHalves }: TrafficSliderProps) {
  const id = useId();
  const [shown, setShown] = useState(halves);
  useEffect(() => {
    if (shown === halves) return undefined;
    const timer = setTimeout(() => {
      onHalves(shown);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [shown, halves, onHalves]);
  const factor = 2 ** (shown / 2);
  const text = `${Number(factor.toPrecision(3))} times, ${formatRate(ratePerS * factor)}`;
  return (
    <Panel id="plan-traffic" level={2} title="Traffic">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <label htmlFor={id} className="text-sm">
          Traffic against now
        </label>
        <input
          id={id}
          type="range"
          min={-4}
          max={8}
          step={1}
          value={shown}
          aria-valuetext={text}
          onChange={(event) => {
            setShown(Number(event.target.value));
          }}
          className="min-w-40 flex-1 accent-accent"
        />
        <output htmlFor={id} data-testid="plan-traffic-value" className="text-sm font-medium">
          {text}
        </output>
      </div>
      <p className="text-xs text-ink-3">Measured now: {formatRate(ratePerS)}.</p>
    </Panel>
  );
}
