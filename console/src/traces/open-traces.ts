import type { OpenTrace, TraceDetail, TraceTimeline } from './trace-types.ts';
import type { View } from './view.ts';

export type Align = 'start' | 'clock';

interface Loaded {
  detail: TraceDetail;
  timeline: TraceTimeline;
}

const clockStartUs = ({ timeline }: Loaded): number => timeline.baseUs + timeline.originUs;

/** Whether the traces' clocks can be the same one: each overlaps the first. */
export function shareClock(loaded: readonly Loaded[]): boolean {
  const [first] = loaded;
  if (first === undefined) return false;
  const startUs = clockStartUs(first);
  return loaded.every((one) => {
    const from = clockStartUs(one) - startUs;
    return from < first.timeline.spanUs && from + one.timeline.spanUs > 0;
  });
}

/** Traces on one axis, by rank where they say one: by their clocks, or each from its own start. */
export function placeTraces(details: readonly TraceDetail[], align: Align): OpenTrace[] {
  const loaded = details
    .flatMap((detail) => (detail.timeline === null ? [] : [{ detail, timeline: detail.timeline }]))
    .toSorted((a, b) => (a.detail.trace.rank ?? 0) - (b.detail.trace.rank ?? 0));
  const earliestUs = Math.min(...loaded.map(clockStartUs));
  return loaded.map((one) => {
    const { id, name, rank } = one.detail.trace;
    return {
      id,
      label: rank === null ? name : `Rank ${rank}: ${name}`,
      timeline: one.timeline,
      offsetUs: align === 'clock' ? clockStartUs(one) - earliestUs : 0,
    };
  });
}

/** From the first start to the last end of all of them. */
export function wholeOf(traces: readonly OpenTrace[]): View {
  const ends = traces.map(({ timeline, offsetUs }) => offsetUs + timeline.spanUs);
  return { fromUs: 0, toUs: Math.max(1, ...ends) };
}
