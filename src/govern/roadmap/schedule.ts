/** What the schedule needs to know of an action. */
export interface Task {
  id: string;
  role: string;
  effortDays: number;
  points: number;
  exposedUsd: number | null;
  /** Ids that must be done before; unknown ones are done. */
  needs: readonly string[];
  /** Its level comes after another that is still to be reached. */
  isLater: boolean;
  /** Nobody can begin yet. */
  isBlocked: boolean;
}

export interface Slot {
  startDay: number;
  dueDay: number;
  period: 30 | 60 | 90;
}

/** 20 working days in 30 days: an effort day takes one and a half days of the calendar. */
const CALENDAR_PER_EFFORT = 1.5;
/** The next level comes first; the one after it begins in the second period. */
const LATER_FROM_DAY = 30;
/** What nobody can begin yet waits for the last period. */
const BLOCKED_FROM_DAY = 60;

/** (points x spend exposed) / effort; null where the spend is not known. */
export const priorityOf = (task: Pick<Task, 'points' | 'exposedUsd' | 'effortDays'>) =>
  task.exposedUsd === null ? null : (task.points * task.exposedUsd) / task.effortDays;

/** Known money first; then, and among unknown money, points for effort; then the id, so that ties hold. */
function compare(a: Task, b: Task): number {
  const [x, y] = [priorityOf(a), priorityOf(b)];
  if ((x === null) !== (y === null)) return x === null ? 1 : -1;
  if (x !== null && y !== null && x !== y) return y - x;
  const gain = b.points / b.effortDays - a.points / a.effortDays;
  if (gain !== 0) return gain;
  return a.id < b.id ? -1 : 1;
}

/**
 * Orders tasks by priority with dependencies kept, and gives each a place in the 90 days: a role does one thing at
 * a time. A task that other tasks need is never after them. The order of the result is the order of work.
 */
export function schedule(tasks: readonly Task[]): Map<string, Slot> {
  const waiting = [...tasks].sort(compare);
  const known = new Set(tasks.map((one) => one.id));
  const slots = new Map<string, Slot>();
  const freeFrom = new Map<string, number>();
  while (waiting.length > 0) {
    const next = waiting.findIndex((one) =>
      one.needs.every((need) => !known.has(need) || slots.has(need)),
    );
    // The criteria are checked for circles, so one is always ready; a circle would end here, not hang.
    const [task] = waiting.splice(Math.max(0, next), 1);
    if (task === undefined) break;
    const readyDay = Math.max(
      task.isBlocked ? BLOCKED_FROM_DAY : task.isLater ? LATER_FROM_DAY : 0,
      ...task.needs.map((need) => slots.get(need)?.dueDay ?? 0),
    );
    const busyUntil = freeFrom.get(task.role) ?? 0;
    const startDay = Math.max(readyDay, task.isBlocked ? 0 : busyUntil);
    const dueDay = startDay + Math.ceil(task.effortDays * CALENDAR_PER_EFFORT);
    // What is blocked takes nobody's time yet.
    if (!task.isBlocked) freeFrom.set(task.role, dueDay);
    slots.set(task.id, { startDay, dueDay, period: periodOf(dueDay) });
  }
  return slots;
}

/** What does not fit into 90 days is in the last period with its true day. */
const periodOf = (dueDay: number): Slot['period'] => (dueDay <= 30 ? 30 : dueDay <= 60 ? 60 : 90);
