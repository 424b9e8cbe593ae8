import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CARD_STATES, type ClusterLook } from '../bottleneck/cluster/cluster-look.ts';
import { clusterAccount } from '../bottleneck/cluster/cluster-account.ts';
import { factsOfSpells } from '../bottleneck/cluster/facts-of-spells.ts';
import { ClusterSpells } from './cluster-spells.ts';
import { openTelemetryDb } from './telemetry-db.ts';

const INTERVAL_MS = 30_000;
const BEGIN_MS = Date.UTC(2026, 0, 31);

/** Looks in any order of time, with gaps; nodes of four cards that each do one thing. */
const looks = fc.array(
  fc.record({
    afterMs: fc.integer({ min: -40_000, max: 200_000 }),
    states: fc.array(fc.constantFrom(...CARD_STATES), { minLength: 1, maxLength: 4 }),
    isFlushed: fc.boolean(),
    isReopened: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

it('gives every card of every known moment to one state, whatever clocks, gaps and restarts do', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-spells-'));
  let run = 0;
  fc.assert(
    fc.property(looks, fc.integer({ min: 1, max: 100_000 }), (all, tailMs) => {
      run += 1;
      const db = openTelemetryDb(join(dir, `${run}.db`), { readOnly: false });
      let spells = new ClusterSpells(db);
      let atMs = BEGIN_MS;
      let newestMs = BEGIN_MS;
      for (const { afterMs, states, isFlushed, isReopened } of all) {
        atMs += afterMs;
        newestMs = Math.max(newestMs, atMs);
        const parts = states.map((state, i) => ({
          subject: `s${i}`,
          node: `n${i}`,
          state,
          cards: 4,
          why: state,
          confidence: 'high' as const,
        }));
        spells.look('lab', { atMs, cards: 4 * states.length, parts }, INTERVAL_MS);
        if (isFlushed) spells.flush();
        // A process that starts again holds the newest time only on disk.
        if (isReopened && atMs === newestMs) {
          spells.flush();
          spells = new ClusterSpells(db);
        }
      }
      const window = { fromMs: BEGIN_MS - 10_000, toMs: newestMs + tailMs };
      const read = spells.read(window, window.toMs);
      const cardMs = (isLooked: boolean): number =>
        read
          .filter(({ state }) => (state === 'looked') === isLooked)
          .reduce((sum, one) => sum + one.cards * (one.toMs - one.fromMs), 0);
      expect(cardMs(false)).toBeCloseTo(cardMs(true), 3);
      const facts = factsOfSpells('lab', read, { window, usdPerCardHour: 2 });
      if (facts !== null) {
        const { account } = clusterAccount(facts, window);
        if (account.acceleratorHours > 0) {
          expect(account.leaves.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        }
        const whole = account.acceleratorHours + (facts.grantedHours ?? 0);
        expect(whole * 3_600_000).toBeGreaterThanOrEqual(cardMs(true) - 1);
      }
      db.close();
    }),
    { numRuns: 60 },
  );
  rmSync(dir, { recursive: true, force: true });
});

it('lets one look stand for two and a half intervals, and no longer', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-spells-'));
  const db = openTelemetryDb(join(dir, 'one.db'), { readOnly: false });
  const spells = new ClusterSpells(db);

  const look: Omit<ClusterLook, 'atMs'> = {
    cards: 8,
    parts: [
      {
        subject: 'node a',
        node: 'a',
        state: 'maintenance',
        cards: 8,
        why: 'cordoned',
        confidence: 'high',
      },
    ],
  };
  for (const atS of [0, 30, 60, 600, 630]) {
    spells.look('lab', { ...look, atMs: BEGIN_MS + atS * 1000 }, INTERVAL_MS);
  }
  spells.flush();
  const window = { fromMs: BEGIN_MS, toMs: BEGIN_MS + 660_000 };
  const read = spells.read(window, window.toMs).filter(({ state }) => state === 'maintenance');
  expect(read.map(({ fromMs, toMs }) => [fromMs - BEGIN_MS, toMs - BEGIN_MS])).toEqual([
    [0, 135_000],
    [600_000, 660_000],
  ]);
  const facts = factsOfSpells('lab', spells.read(window, window.toMs), {
    window,
    usdPerCardHour: 3,
  });
  expect(facts?.maintenanceHours).toBeCloseTo((8 * 195) / 3600, 9);
  expect(facts?.unexplainedHours).toBeCloseTo((8 * 465) / 3600, 9);
  expect(facts?.evidence['maintenance']).toContain('node a: cordoned');
  if (facts === null) throw new Error('no facts');
  expect(clusterAccount(facts, window).account.usd).toBeCloseTo(8 * 3 * (660 / 3600), 6);
  db.close();
  rmSync(dir, { recursive: true, force: true });
});
