import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';

/** Row of the call that launched work, by correlation; the last one in the file when several claim it. */
export function launchIndex({ events }: KinetoTrace): ReadonlyMap<number, number> {
  const launches = new Map<number, number>();
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    const correlation = cell(events.correlation, row);
    if ((kind === KIND.runtime || kind === KIND.driver) && correlation !== NONE) {
      launches.set(correlation, row);
    }
  }
  return launches;
}
