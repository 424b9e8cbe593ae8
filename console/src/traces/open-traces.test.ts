import { expect, test } from 'vitest';
import { placeTraces, shareClock, wholeOf } from './open-traces.ts';
import { plotLayout, rowOf, rowsWithin, trackLabel } from './plot-layout.ts';
import type { TraceDetail } from './trace-types.ts';

const track = (kind: 'host' | 'device', stream: number | null) => ({
  kind,
  thread: '1/1',
  device: stream === null ? null : 0,
  stream,
  events: 1,
  hidden: 0,
});

function detail(rank: number | null, originUs: number, spanUs: number): TraceDetail {
  const id = `trace-${rank}-${originUs}`;
  const counts = { uploadBytes: 1, storedBytes: 1, eventCount: 1, worldSize: 2 };
  return {
    trace: { id, name: id, state: 'ready', addedAtMs: 0, rank, spanUs, error: null, ...counts },
    categories: ['compute'],
    timeline: {
      originUs,
      baseUs: 0,
      spanUs,
      shownEvents: 1,
      names: [],
      steps: [],
      tracks: [track('host', null), track('device', 7)],
      lanes: [
        { track: 0, depth: 0 },
        { track: 0, depth: 1 },
        { track: 1, depth: 0 },
      ],
    },
    analysis: null,
  };
}

test('traces stand by rank, by their clocks where asked', () => {
  const details = [detail(1, 1_050, 100), detail(0, 1_000, 100)];
  const [first, second] = placeTraces(details, 'clock');
  expect([first?.offsetUs, second?.offsetUs]).toEqual([0, 50]);
  expect(first?.label).toMatch(/^Rank 0: /);
  expect(wholeOf(placeTraces(details, 'clock'))).toEqual({ fromUs: 0, toUs: 150 });
  expect(wholeOf(placeTraces(details, 'start'))).toEqual({ fromUs: 0, toUs: 100 });
});

test('clocks are taken for one only where the traces overlap', () => {
  const loaded = (details: TraceDetail[]) =>
    details.flatMap((one) =>
      one.timeline === null ? [] : [{ detail: one, timeline: one.timeline }],
    );
  expect(shareClock(loaded([detail(0, 0, 100), detail(1, 99, 10)]))).toBe(true);
  expect(shareClock(loaded([detail(0, 0, 100), detail(1, 100, 10)]))).toBe(false);
});

test('rows: traces, their tracks, the lanes of each; found by place and by event', () => {
  const traces = placeTraces([detail(0, 0, 10), detail(1, 0, 10)], 'start');
  const layout = plotLayout(traces);
  expect(layout.rows.map(({ kind }) => kind).slice(0, 6)).toEqual([
    'trace',
    'track',
    'lane',
    'lane',
    'track',
    'lane',
  ]);
  expect(layout.rows).toHaveLength(12);
  const [third] = layout.rows.slice(2);
  const top = third?.top ?? 0;
  expect(rowsWithin(layout, top, top + 1)).toEqual([third]);
  expect(rowsWithin(layout, 0, layout.height)).toHaveLength(12);
  const row = rowOf(layout, traces, { trace: 1, track: 1, depth: 0 });
  expect(row).toMatchObject({ kind: 'lane', trace: 1, label: 'GPU 0 stream 7' });
  expect(rowOf(layout, traces, { trace: 1, track: 1, depth: 5 })).toBeNull();
  expect(trackLabel({ ...track('device', null), device: null })).toBe('GPU track 1/1');
});
