import { expect, test } from 'vitest';
import { disciplinedWorld, sourcesOf } from './score-world.ts';
import { memoryLogbook } from '../../src/govern/logbook/logbook.ts';
import { listIncidents } from '../../src/govern/incidents/list-incidents.ts';
import type { LogbookEntry } from '../../src/records/logbook-entry.ts';
import { createFacts } from '../../src/govern/evidence/facts.ts';
import { incidentLog } from '../../src/govern/evidence/collectors/incident-log.ts';

const DAY_MS = 86_400_000;
const THEN_MS = 1_800_000_000_000;

/** Six quarters of an hour failed, ten hours before `THEN_MS`; looked at `laterDays` later. */
function factsAt(laterDays: number, logbook: LogbookEntry[]) {
  const world = disciplinedWorld(THEN_MS);
  world.outageQuarters = 6;
  const then = sourcesOf(world, { wallMs: () => THEN_MS, monoMs: () => 0 });
  const clock = { wallMs: () => THEN_MS + laterDays * DAY_MS, monoMs: () => 0 };
  return createFacts({ ...then, clock, logbook: memoryLogbook(logbook) });
}

test('an outage wants a review within a week; a review of another time is none', async () => {
  const look = async (laterDays: number, logbook: LogbookEntry[] = []) => {
    const facts = factsAt(laterDays, logbook);
    return incidentLog.organisation(facts, facts.windowOf(30));
  };
  expect(await look(1)).toMatchObject({ value: 1 });
  expect(await look(8)).toMatchObject({ value: 0 });
  const [outage] = await listIncidents(factsAt(8, []));
  expect(outage).toMatchObject({ service: 'chat', review: null });
  const review = (outageFromMs: number): LogbookEntry => ({
    v: 1,
    kind: 'review',
    atMs: THEN_MS,
    service: 'chat',
    outageFromMs,
    cause: 'a full disk',
    changed: 'an alert at 80 %',
    by: 'ada',
  });
  const fromMs = outage?.fromMs ?? 0;
  expect(await look(8, [review(fromMs - 1)])).toMatchObject({ value: 0 });
  expect(await look(8, [review(fromMs)])).toMatchObject({ value: 1 });
  expect(await listIncidents(factsAt(8, [review(fromMs)]))).toMatchObject([
    { review: { cause: 'a full disk' } },
  ]);
});
