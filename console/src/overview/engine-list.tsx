import type { EngineUtilization } from '../api/types.ts';
import { formatCount, formatMean, formatShare } from '../format.ts';
import { SimulatedBadge } from '../ui/badge.tsx';
import { Value } from '../ui/value.tsx';

interface Reading {
  label: string;
  /** What the short label stands for. */
  title: string;
  value: number | null;
  format: (value: number | null) => string;
}

const readingsOf = (engine: EngineUtilization): Reading[] => [
  {
    label: 'Busy',
    title: 'Share of time it ran anything',
    value: engine.busyShare,
    format: formatShare,
  },
  {
    label: 'Batch',
    title: 'Places in the batch in use',
    value: engine.batchOccupancy,
    format: formatShare,
  },
  {
    label: 'KV memory',
    title: 'KV memory in use',
    value: engine.kvUsageShare,
    format: formatShare,
  },
  {
    label: 'Running',
    title: 'Requests running, mean',
    value: engine.runningMean,
    format: formatMean,
  },
  {
    label: 'Waiting',
    title: 'Requests waiting, mean',
    value: engine.waitingMean,
    format: formatMean,
  },
  {
    label: 'Preempted',
    title: 'Requests preempted',
    value: engine.preemptions,
    format: formatCount,
  },
  {
    label: 'Hours',
    title: 'Accelerator hours of the window',
    value: engine.acceleratorHours,
    format: formatMean,
  },
  {
    label: 'Sampled',
    title: 'Part of the window that its metrics cover',
    value: engine.sampledShare,
    format: formatShare,
  },
];

/** What the engines behind a service reported over the window. */
export function EngineList({ engines }: { engines: readonly EngineUtilization[] }) {
  return (
    <ul aria-label="Engines" className="flex flex-col gap-2">
      {engines.map((engine) => (
        <li key={engine.engine} className="border-t border-line pt-2">
          <p className="mb-1 flex flex-wrap items-center gap-2 text-xs font-medium">
            <span className="min-w-0 break-all">{engine.engine}</span>
            <SimulatedBadge simulated={engine.simulated ? 'all' : 'none'} />
          </p>
          <dl className="grid grid-cols-4 gap-x-2 gap-y-1">
            {readingsOf(engine).map(({ label, title, value, format }) => (
              <div key={label} className="min-w-0" title={title}>
                <dt className="text-2xs text-ink-3">{label}</dt>
                <dd className="text-xs">
                  <Value value={value} format={format} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
