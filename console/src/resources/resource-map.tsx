import { useCallback, useState } from 'react';
import { MatrixMap } from '../charts/matrix-map.tsx';
import { TimeAxis } from '../charts/time-axis.tsx';
import { formatStep, UNKNOWN } from '../format.ts';
import { Segmented } from '../ui/segmented.tsx';
import type { Column } from './columns.ts';
import { subjectName, type DeviceRow, type Resources } from './device-rows.ts';

interface ResourceMapProps {
  label: string;
  rows: readonly DeviceRow[];
  columns: readonly Column[];
  resources: Resources;
}

/** One metric of every device over time; a step in which it was not read stays empty. */
export function ResourceMap({ label, rows, columns, resources }: ResourceMapProps) {
  const usable = columns.filter(
    ({ metric, pick }) => pick === undefined && rows.some((row) => row.series.has(metric)),
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const column = usable.find((one) => one.metric === chosen) ?? usable[0];
  return column === undefined ? null : (
    <div className="flex flex-col gap-2">
      <div>
        <Segmented
          label="Figure of the map"
          value={column.metric}
          options={usable.map((one) => ({
            value: one.metric,
            label: one.label,
            title: one.title,
          }))}
          onChange={setChosen}
        />
      </div>
      <Map label={`${label}: ${column.label}`} rows={rows} column={column} resources={resources} />
    </div>
  );
}

interface MapProps {
  label: string;
  rows: readonly DeviceRow[];
  column: Column;
  resources: Resources;
}

function Map({ label, rows, column, resources }: MapProps) {
  const { window, stepMs } = resources;
  const steps = Math.max(1, Math.ceil((window.toMs - window.fromMs) / stepMs));
  const shown = rows.filter((row) => row.series.has(column.metric));
  const at = useCallback(
    (x: number, y: number): number | null => {
      const fromMs = window.fromMs + x * stepMs;
      const points = shown[y]?.series.get(column.metric)?.points ?? [];
      return points.find((point) => point.fromMs === fromMs)?.mean ?? null;
    },
    [shown, column, window, stepMs],
  );
  const isShare = shown[0]?.series.get(column.metric)?.unit === 'share';
  const means = shown.flatMap(
    (row) => row.series.get(column.metric)?.points.map((point) => point.mean) ?? [],
  );
  const full = isShare ? 1 : Math.max(1e-12, ...means);
  const spanMs = window.toMs - window.fromMs;
  return (
    <MatrixMap
      label={label}
      testId="resource-map"
      rows={shown.map((row) => subjectName(row.subject))}
      columns={steps}
      shade={(x, y) => {
        const value = at(x, y);
        return value === null ? null : value / full;
      }}
      describe={(x, y) => {
        const fromMs = window.fromMs + x * stepMs;
        const name = shown[y] === undefined ? '' : subjectName(shown[y].subject);
        const value = at(x, y);
        const words = value === null ? UNKNOWN : column.format(value);
        return `${name}, ${formatStep(fromMs, spanMs)}: ${words}`;
      }}
      axis={<TimeAxis fromMs={window.fromMs} toMs={window.toMs} labels={5} />}
    />
  );
}
