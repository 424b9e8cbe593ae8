import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLedger } from './open-ledger.ts';
import { crashAt, crashConfig, crashPoints, holdLedger } from './testing-crash.ts';
import { manyRecords, testState } from './testing-state.ts';

const window = { fromMs: 0, toMs: 4_000_000_000_000 };

test.each(crashPoints)(
  'L1: killed %s, nothing is lost and nothing is there twice',
  async (point) => {
    const of = testState();
    try {
      const records = manyRecords(60);
      for (let i = 0; i < 3; i += 1) await of.journal(records.slice(i * 20, i * 20 + 20));
      expect(await crashAt(of.dir, point)).toBe('SIGKILL');
      const ledger = await openLedger({ ...of, config: crashConfig });
      try {
        const page = { sort: 'startedAt', descending: false, limit: 1000, offset: 0 } as const;
        const found = await ledger.requests({ window, ...page });
        expect(found.records).toEqual(records);
        expect(found.total).toBe(60);
        const cells = await ledger.cells({ window, by: 'engine-model-status' });
        expect(cells.map(({ requests, e2e }) => [requests, e2e.count])).toEqual([[60, 60]]);
        const { segments, bufferRows } = await ledger.health();
        const isSealed = point !== 'before-rename' && point !== 'after-rename';
        expect([segments, bufferRows]).toEqual(isSealed ? [1, 0] : [0, 60]);
        expect(readdirSync(join(of.dir, 'segments')).length).toBe(segments);
        await ledger.maintain({ force: true });
        expect((await ledger.health()).recordsTotal).toBe(60);
      } finally {
        await ledger.close();
      }
    } finally {
      of.remove();
    }
  },
);

test('L6: the lock of a killed owner is no lock', async () => {
  const of = testState();
  const owner = await holdLedger(of.dir);
  try {
    await expect(openLedger(of)).rejects.toMatchObject({ code: 'TR_STATE_LOCKED' });
  } finally {
    await owner.kill();
  }
  await (await openLedger(of)).close();
  of.remove();
});
