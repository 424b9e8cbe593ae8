import { XyChart } from '../charts/xy-chart.tsx';
import { formatMean, formatShare } from '../format.ts';
import { PanelHeading } from '../ui/panel.tsx';
import { meanOf, subjectName, type DeviceRow } from './device-rows.ts';
import { roofAt, rooflinePlace } from './roofline.ts';

const BOUNDS = {
  memory: { label: 'Bound by memory bandwidth', colour: 'var(--c-amber)' },
  compute: { label: 'Bound by FLOPs', colour: 'var(--c-green)' },
  neither: { label: 'Below both roofs', colour: 'var(--c-violet)' },
} as const;

const ROOF = [0.01, 0.1, 1, 10, 100].map((x) => ({ x, y: roofAt(x) }));

/** Each accelerator on the roofline of its own peaks, from its counters over the window. */
export function Roofline({ rows }: { rows: readonly DeviceRow[] }) {
  const placed = rows.flatMap((row) => {
    const place = rooflinePlace(meanOf(row, 'tensorActiveShare'), meanOf(row, 'dramActiveShare'));
    return place === null ? [] : { row, place };
  });
  const counts = (['memory', 'compute', 'neither'] as const).map((bound) => ({
    bound,
    all: placed.filter(({ place }) => place.bound === bound),
  }));
  return (
    <div>
      <PanelHeading aside="relative to each device's own peaks">Roofline</PanelHeading>
      {placed.length === 0 ? (
        <p className="text-xs text-ink-3">
          No device reports both tensor and memory activity (DCGM profiling fields), so its place is
          unknown.
        </p>
      ) : (
        <XyChart
          testId="roofline"
          label={`Roofline of ${placed.length} devices: ${counts
            .map(({ bound, all }) => `${all.length} ${BOUNDS[bound].label.toLowerCase()}`)
            .join(', ')}`}
          x={{ label: 'FLOPs per byte, over the ridge point', format: formatMean, log: true }}
          y={{ label: 'of peak FLOPs', format: formatShare, log: true }}
          series={[
            {
              key: 'roof',
              label: 'Roof',
              colour: 'var(--line-strong)',
              points: ROOF,
              dashed: true,
            },
            ...counts
              .filter(({ all }) => all.length > 0)
              .map(({ bound, all }) => ({
                key: bound,
                label: `${BOUNDS[bound].label}: ${all.length}`,
                colour: BOUNDS[bound].colour,
                kind: 'dots' as const,
                points: all.map(({ row, place }) => ({
                  x: place.intensity,
                  y: place.performance,
                  title: `${subjectName(row.subject)}: ${formatShare(place.performance)} of peak`,
                })),
              })),
          ]}
        />
      )}
    </div>
  );
}
