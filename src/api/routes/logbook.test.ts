import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openGovernance } from '../open-governance.ts';
import { NOW_MS, openTestControl, testConfig, type TestControl } from '../test-control.ts';

let control: TestControl;
let server: Server | null = null;
afterEach(async () => {
  await control.close();
  server?.close();
});

async function open(config = testConfig): Promise<void> {
  const base = openTestControl({ config: () => config });
  const governance = await openGovernance({ ...base.deps, stateDir: null });
  await base.close();
  control = openTestControl({
    config: () => config,
    governance,
    vendors: governance.vendors,
    logbook: governance.logbook,
  });
}

const post = async (path: string, body: unknown) => {
  const response = await control.ask(path, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const drill = {
  kind: 'drill',
  drill: 'slowdown',
  service: 'chat',
  engine: 'h100',
  fromMs: NOW_MS,
  toMs: NOW_MS + 600_000,
  by: 'ada',
};

describe('logbook', () => {
  test('keeps what people declare, and lists it by kind and service', async () => {
    await open();
    expect(await post('/api/v1/logbook', drill)).toMatchObject({ status: 201 });
    const list = await control.ask('/api/v1/logbook?kind=drill&service=chat');
    expect(await list.json()).toMatchObject({ entries: [{ ...drill, atMs: NOW_MS }] });
    const none = await control.ask('/api/v1/logbook?kind=drill&service=code');
    expect(await none.json()).toEqual({ entries: [] });
  });

  test.each([
    ['a service that is not there', { ...drill, service: 'x' }, 'service'],
    ['a drill declared after it went well', { ...drill, fromMs: NOW_MS - 3_600_000 }, 'fromMs'],
    ['a drill that ends before it begins', { ...drill, toMs: NOW_MS - 1 }, 'toMs'],
  ])('refuses %s', async (_, body, field) => {
    await open();
    const refused = await post('/api/v1/logbook', body);
    expect(refused).toMatchObject({ status: 400, body: { error: { field } } });
  });

  test('takes nothing that only the platform may say', async () => {
    await open();
    for (const body of [
      {
        kind: 'restore',
        fromMs: 0,
        toMs: 1,
        records: 9,
        agrees: true,
        seconds: 1,
        simulated: false,
      },
      { kind: 'release', service: 'chat', passed: true },
      { kind: 'alert', service: 'chat', objective: 'latency', burnRate: 1, message: 'm' },
    ]) {
      expect((await post('/api/v1/logbook', body)).status).toBe(400);
    }
    expect(await (await control.ask('/api/v1/logbook')).json()).toEqual({ entries: [] });
  });

  test('asks the gate, and keeps the verdict', async () => {
    await open();
    const { body } = await post('/api/v1/releases', { service: 'chat' });
    expect(body).toMatchObject({ kind: 'release', passed: false, budgetLeftShare: null });
    const list = await control.ask('/api/v1/logbook?kind=release');
    expect(await list.json()).toMatchObject({ entries: [body] });
    expect(await (await control.ask('/api/v1/incidents')).json()).toEqual({ incidents: [] });
  });

  test('sends a test message to who is on call, and says whether it was taken', async () => {
    const got: string[] = [];
    let status = 204;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        got.push(text);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const webhook = `http://127.0.0.1:${port}/hook`;
    const [chat, code] = testConfig.services;
    await open(
      configSchema.parse({
        ...testConfig,
        services: [{ ...chat, onCall: { people: ['ada', 'bob'], webhook } }, code],
      }),
    );
    const { body } = await post('/api/v1/alerts/test', { service: 'chat' });
    expect(body).toMatchObject({ kind: 'alert', objective: 'test', delivered: true });
    expect(JSON.parse(got[0] ?? '{}')).toMatchObject({ service: 'chat', objective: 'test' });
    status = 500;
    const refused = await post('/api/v1/alerts/test', { service: 'chat' });
    expect(refused.body).toMatchObject({ delivered: false });
    expect((await post('/api/v1/alerts/test', { service: 'code' })).status).toBe(400);
  });
});
