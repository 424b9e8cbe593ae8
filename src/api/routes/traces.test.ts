import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTimelineThreads } from '../../measure/timeline/timeline-threads.ts';
import { openTraceLibrary } from '../../measure/timeline/trace-library.ts';
import { systemClock } from '../../records/clock.ts';
import { openTestControl, testConfig, type TestControl } from '../test-control.ts';

const FIXTURE = join(
  import.meta.dirname,
  '../../../test/fixtures/traces-kineto/h100-image-classifier.json.gz',
);
const GZIP = { 'content-type': 'application/gzip' };
const stateDir = mkdtempSync(join(tmpdir(), 'tailrace-traces-api-'));
let control: TestControl;

beforeAll(async () => {
  const limits = { ...testConfig.traces, maxUploadBytes: 500_000 };
  const config = { ...testConfig, traces: limits };
  const traces = await openTraceLibrary({
    stateDir,
    clock: systemClock,
    limits: () => limits,
    threads: createTimelineThreads(),
  });
  control = openTestControl({ traces, config: () => config });
});

afterAll(async () => {
  await control.deps.traces?.close();
  await control.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const add = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = GZIP) =>
  control.ask('/api/v1/traces?name=worker0.json.gz', { method: 'POST', body, headers });

const codeOf = async (reply: Response): Promise<string> =>
  ((await reply.json()) as { error: { code: string } }).error.code;

async function ready(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const reply = await control.ask(`/api/v1/traces/${id}`);
    const detail = (await reply.json()) as { trace: { state: string } };
    if (detail.trace.state !== 'reading') return detail;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('traces over the API', () => {
  test('a trace is brought, summed up, drawn, searched and deleted', async () => {
    const reply = await add(new Uint8Array(readFileSync(FIXTURE)));
    expect(reply.status).toBe(202);
    const { id } = (await reply.json()) as { id: string };
    const detail = await ready(id);
    expect(detail).toMatchObject({
      trace: { state: 'ready', name: 'worker0.json.gz' },
      analysis: { views: { exact: {}, hta: {} } },
    });
    const { timeline } = detail as { timeline: { spanUs: number; lanes: unknown[] } };
    const tile = await control.ask(`/api/v1/traces/${id}/timeline?level=0&tile=0`);
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await tile.arrayBuffer()).toString('latin1', 0, 4)).toBe('TRTT');
    const range = await control.ask(`/api/v1/traces/${id}/range?fromUs=0&toUs=${timeline.spanUs}`);
    const parts = (await range.json()) as Record<string, number>;
    const sum = ['computeUs', 'exposedCommunicationUs', 'exposedCopiesUs', 'idleUs']
      .map((key) => parts[key] ?? Number.NaN)
      .reduce((total, us) => total + us, 0);
    expect(sum).toBeCloseTo(timeline.spanUs, 3);
    const found = await control.ask(`/api/v1/traces/${id}/events?text=cudaLaunch&limit=3`);
    const { events } = (await found.json()) as { events: Array<{ row: number }> };
    expect(events).toHaveLength(3);
    const event = await control.ask(`/api/v1/traces/${id}/events/${events[0]?.row}`);
    expect(await event.json()).toMatchObject({ linked: [{ startUs: expect.anything() }] });
    expect((await control.ask(`/api/v1/traces/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await codeOf(await control.ask(`/api/v1/traces/${id}`))).toBe('TR_NOT_FOUND');
    expect(control.logLines.filter((line) => /"trace (?:added|deleted)"/.test(line))).toHaveLength(
      2,
    );
  });

  test('what is too large is refused, declared or not; the type is asked for', async () => {
    const large = new Uint8Array(500_001);
    expect(await codeOf(await add(large))).toBe('TR_BODY_TOO_LARGE');
    const declared = await add('{}', { ...GZIP, 'content-length': '500001' });
    expect(declared.status).toBe(413);
    expect(await codeOf(await add('x', { 'content-type': 'text/plain' }))).toBe(
      'TR_ENCODING_UNSUPPORTED',
    );
    const list = await control.ask('/api/v1/traces');
    expect(await list.json()).toEqual({ traces: [] });
  });

  test('names the field that is wrong', async () => {
    const nameless = await control.ask('/api/v1/traces', {
      method: 'POST',
      body: '{}',
      headers: GZIP,
    });
    expect(await nameless.json()).toMatchObject({ error: { field: 'name' } });
    const id = '00000000-0000-7000-8000-000000000000';
    const ask = async (path: string) => (await control.ask(`/api/v1/traces/${path}`)).json();
    expect(await ask(`${id}/timeline?level=1&tile=2`)).toMatchObject({ error: { field: 'tile' } });
    expect(await ask(`${id}/timeline?level=1&tile=1`)).toMatchObject({
      error: { code: 'TR_NOT_FOUND', field: 'id' },
    });
    expect(await ask(`${id}/range?fromUs=2&toUs=1`)).toMatchObject({ error: { field: 'toUs' } });
    expect(await ask('..%2f..%2fetc/range?fromUs=1&toUs=2')).toMatchObject({
      error: { field: 'id' },
    });
  });

  test('needs an admin key', async () => {
    const reply = await add('{}', { ...GZIP, authorization: 'Bearer tr_wrong' });
    expect(reply.status).toBe(401);
  });
});
