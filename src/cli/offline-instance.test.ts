import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../api/memory-ledger.ts';
import { requestPage } from '../api/schema.ts';
import { testingRecord } from '../records/testing-record.ts';
import { health } from '../api/views.ts';
import { defaultLoaded } from '../config/load.ts';
import { answers } from '../measure/answers/answers.ts';
import { requestRecord } from '../records/request-record.ts';
import { type Command, EXIT } from './command.ts';
import type { Instance } from './instance.ts';
import { offlineInstance } from './offline-instance.ts';
import { openTestCli, type TestCli } from './test-cli.ts';

const NOW_MS = 1_800_000_000_000;
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };
const records = [1, 2, 3].map((minutes) =>
  testingRecord({
    startedAtMs: NOW_MS - minutes * 60_000,
    endedAtMs: NOW_MS - minutes * 60_000 + 500,
    service: 'chat',
  }),
);

let cli: TestCli;
let use: (instance: Instance) => Promise<void> = async () => {};

/** Opens an instance in the context that the frame hands to commands. */
const offline: Command = {
  name: 'offline',
  summary: '',
  usage: 'tailrace offline',
  description: '',
  examples: [],
  options: {},
  positionalsMax: 0,
  async run(context) {
    const ledger = createMemoryLedger();
    ledger.add(records);
    const instance = offlineInstance(context, defaultLoaded(), ledger);
    await use(instance);
    await instance.close();
    return EXIT.ok;
  },
};

beforeEach(() => {
  cli = openTestCli(clock, [offline]);
});

afterEach(() => cli.close());

async function withInstance(work: (instance: Instance) => Promise<void>): Promise<void> {
  use = work;
  expect(await cli.run('offline')).toEqual({ code: 0, out: '', err: '' });
}

describe('an offline instance', () => {
  it('answers what a running one does, from the ledger', async () => {
    await withInstance(async (instance) => {
      expect(instance).toMatchObject({ mode: 'offline', record: null, stateDir: cli.stateDir });
      const value = answers.parse(await instance.getJson('/api/v1/answers?service=chat'));
      expect(value.services[0]?.requests.total).toBe(3);
      const page = requestPage.parse(await instance.getJson('/api/v1/requests?limit=2'));
      expect({ total: page.total, shown: page.records.length }).toEqual({ total: 3, shown: 2 });
      const id = records[1]?.id ?? '';
      const one = requestRecord.parse(await instance.getJson(`/api/v1/requests/${id}`));
      expect(one.startedAtMs).toBe(records[1]?.startedAtMs);
      const state = health.parse(await instance.getJson('/api/v1/health'));
      // Nobody has to look after workers that are not meant to run.
      expect(state).toMatchObject({ workers: [], problems: [], ledger: { recordsTotal: 3 } });
    });
  });

  it('refuses with the codes of the API', async () => {
    await withInstance(async (instance) => {
      const refusals: Array<[string, string]> = [
        ['/api/v1/answers?service=nobody', 'TR_NOT_FOUND'],
        ['/api/v1/answers?since=yesterday', 'TR_WINDOW_INVALID'],
        ['/api/v1/requests/0190a1b2-0000-7000-8000-000000000000', 'TR_NOT_FOUND'],
        ['/api/v1/requests?sort=colour', 'TR_FIELD_INVALID'],
        ['/api/v1/nothing', 'TR_NOT_FOUND'],
      ];
      for (const [path, code] of refusals) {
        await expect(instance.getJson(path), path).rejects.toMatchObject({ code });
      }
      const ask = { name: 'a', services: [], admin: false };
      await expect(instance.postJson('/api/v1/keys', ask)).rejects.toMatchObject({
        code: 'TR_STATE_MISSING',
      });
    });
  });
});
