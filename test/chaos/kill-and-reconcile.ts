import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openLedger } from '../../src/measure/ledger/open-ledger.ts';
import { createRandom } from '../../src/plan/core/random.ts';
import { systemClock } from '../../src/records/clock.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import { chaosLedgerConfig } from './ledger-config.ts';
import { comparePercentiles, reconcile } from './reconcile.ts';
import { runRecords } from './run-records.ts';
import { Victim } from './victim.ts';

const everything = { fromMs: 0, toMs: 4_000_000_000_000 };

/** Another one at each run; the one of a failed run, which its test's name holds, gives the same kills. */
export const chaosSeed = Number(process.env['TAILRACE_CHAOS_SEED'] ?? Date.now() % 1_000_000);

/**
 * Kills two writers and the ledger process at random moments, `kills` times, then expects every
 * acknowledged record in the ledger, and each once.
 */
export async function killAndReconcile(kills: number, seed: number): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'tailrace-chaos-'));
  const random = createRandom(seed);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  const acknowledged = new Set<string>();
  const ackedByRun = new Map<number, number>();
  let runs = 0;
  const writer = (name: string): Victim => {
    let run = 0;
    return new Victim(
      name,
      'writer-process.ts',
      () => {
        runs += 1;
        run = seed * 1000 + runs;
        // A kill between the write and its acknowledgement leaves records of a run that told nothing.
        ackedByRun.set(run, 0);
        return [state, name, String(run)];
      },
      (ids) => {
        for (const id of ids) acknowledged.add(id);
        ackedByRun.set(run, (ackedByRun.get(run) ?? 0) + ids.length);
      },
    );
  };
  let opens = 0;
  const ledgerProcess = new Victim(
    'ledger',
    'ledger-process.ts',
    () => [state],
    (lines) => (opens += lines.length),
  );
  const victims = [writer('w0'), writer('w1'), ledgerProcess];
  onTestFinished(async () => {
    for (const one of victims) await one.end('SIGKILL');
    rmSync(state, { recursive: true, force: true });
  });

  for (const one of victims) one.start();
  for (let kill = 0; kill < kills; kill += 1) {
    // The ledger as often as both writers: it has more steps to die between.
    const victim = victims[Math.min(2, random.uint32() % 4)] ?? ledgerProcess;
    // Mostly at work, sometimes while it starts and makes up for the last kill.
    if (random.uniform() < 0.7) await victim.atWork();
    await pause(random.uniform() * 300);
    expect(victim.isRunning, `${victim.name} ended by itself`).toBe(true);
    await victim.end('SIGKILL');
    victim.start();
  }
  for (const one of victims.slice(0, 2)) await one.end('SIGTERM');
  await ledgerProcess.end('SIGKILL');

  const ledger = await openLedger({ dir: state, config: chaosLedgerConfig, clock: systemClock });
  onTestFinished(() => ledger.close());
  // Opening reads the journals to their end, or until the buffer is full; sealing makes room.
  for (let taken = 1; taken > 0;) {
    await ledger.maintain({ force: true });
    taken = await ledger.ingest();
  }
  const health = await ledger.health();
  const { records, total } = await ledger.requests({
    window: everything,
    sort: 'startedAt',
    descending: false,
    limit: 1_000_000,
    offset: 0,
  });
  expect(total).toBe(records.length);
  const appended = appendedBy(ackedByRun);
  console.info(
    `seed ${seed}: ${acknowledged.size} acknowledged, ${records.length} in the ledger, ` +
      `${health.segments} segments, ${health.duplicateRecords} duplicates dropped, ` +
      `kills ${victims.map((one) => `${one.name} ${one.kills}`).join(', ')}, ` +
      `ledger opened ${opens} times`,
  );
  expect(reconcile({ acknowledged, appended, inLedger: records })).toEqual([]);
  const cells = await ledger.cells({ window: everything, by: 'engine-model-status' });
  expect(comparePercentiles(cells, records)).toEqual([]);
  expect(health).toMatchObject({ corruptFrames: 0, lostRecords: 0, diskFull: false });
  expect(health.recordsTotal).toBe(records.length);

  // The run has to have been worth something.
  expect(acknowledged.size).toBeGreaterThan(60 * kills);
  expect(health.segments).toBeGreaterThan(kills / 20);
  expect(opens).toBeGreaterThan(kills / 20);
  const canary = { acknowledged, appended, inLedger: records.slice(1) };
  expect(reconcile({ ...canary, acknowledged: new Set([records[0]?.id ?? '']) })).toHaveLength(1);
  expect(reconcile({ ...canary, inLedger: [...records, ...records.slice(0, 2)] })).toHaveLength(2);
}

/** What each run may have appended: a little more than it saw acknowledged. */
function appendedBy(ackedByRun: ReadonlyMap<number, number>): Map<string, RequestRecord> {
  const appended = new Map<string, RequestRecord>();
  for (const [run, acked] of ackedByRun) {
    const next = runRecords(run);
    for (let n = 0; n < acked + 5000; n += 1) {
      const record = next();
      appended.set(record.id, record);
    }
  }
  return appended;
}
