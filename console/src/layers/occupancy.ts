import {
  deviceRows,
  subjectKey,
  type ResourceSubject,
  type Resources,
} from '../resources/device-rows.ts';

/** One accelerator: by whom it was held when, counted from the window's start. */
export interface Occupancy {
  subject: ResourceSubject;
  /** Share of the window in which somebody held it; devices shared by several count once. */
  heldShare: number;
  held: Array<{ holder: string; offsetMs: number; lengthMs: number }>;
}

/** Accelerators of the window, the least held first. */
export function occupancyOf({ window, series, holders }: Resources): Occupancy[] {
  const subjects = new Map<string, ResourceSubject>();
  for (const { subject } of deviceRows(series)) subjects.set(subjectKey(subject), subject);
  for (const { subject } of holders) subjects.set(subjectKey(subject), subject);
  const spanMs = window.toMs - window.fromMs;
  return [...subjects.values()]
    .map((subject) => {
      const own = holders.filter((one) => subjectKey(one.subject) === subjectKey(subject));
      return {
        subject,
        heldShare: spanMs > 0 ? unionMs(own) / spanMs : 0,
        held: own.map(({ holder, fromMs, toMs }) => ({
          holder,
          offsetMs: fromMs - window.fromMs,
          lengthMs: toMs - fromMs,
        })),
      };
    })
    .toSorted((a, b) => a.heldShare - b.heldShare);
}

/** Time that at least one of the intervals covers. */
function unionMs(intervals: ReadonlyArray<{ fromMs: number; toMs: number }>): number {
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { fromMs, toMs } of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    total += Math.max(0, toMs - Math.max(reached, fromMs));
    reached = Math.max(reached, toMs);
  }
  return total;
}
