import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openLedger } from './open-ledger.ts';
import { restoreExport } from './restore-export.ts';
import { makeRecord, startMs, testState, type TestState } from './testing-state.ts';

let state: TestState;
afterEach(() => state.remove());

test('an export becomes a state folder that says the same', async () => {
  state = testState();
  const records = Array.from({ length: 50 }, (_, i) =>
    makeRecord({ startedAtMs: startMs + i * 1_000, service: i % 2 === 0 ? 'chat' : 'code' }),
  );
  await state.journal(records);
  const { config, clock } = state;
  const ledger = await openLedger({ dir: state.dir, config, clock });
  const window = { fromMs: 0, toMs: clock.wallMs() };
  const file = join(state.dir, 'export.parquet');
  await ledger.exportParquet(window, file);
  const first = records[0]?.id ?? '';
  const original = await ledger.request(first);
  await ledger.close();

  const dir = join(state.dir, 'restored');
  const restored = await restoreExport({ file, dir, clock });
  expect(restored.records).toBe(50);
  for (const all of [restored.services, restored.saved]) {
    expect(Object.fromEntries(all)).toMatchObject({
      chat: { requests: 25 },
      code: { requests: 25 },
    });
  }
  const again = await openLedger({ dir, config, clock });
  expect(await again.request(first)).toEqual(original);
  await again.close();
});

test('what is no export is named, and leaves no ledger behind', async () => {
  state = testState();
  const file = join(state.dir, 'bad.parquet');
  writeFileSync(file, 'PAR1 not really');
  const dir = join(state.dir, 'restored');
  await expect(restoreExport({ file, dir, clock: state.clock })).rejects.toMatchObject({
    code: 'TR_FILE_UNREADABLE',
    field: 'FILE',
  });
  expect(existsSync(join(dir, 'catalogue.db'))).toBe(false);
});
