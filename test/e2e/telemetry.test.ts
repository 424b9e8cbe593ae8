import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, startTailrace, type RunningTailrace } from './running-tailrace.ts';

/** Telemetry of a running instance: an exporter that is scraped, an SDK that pushes through the gateway's port. */
const KEY = 'tr_key-of-a-collector';
let exporter: Server;
let tailrace: RunningTailrace;

beforeAll(async () => {
  exporter = createServer((_, res) => {
    res.end(`DCGM_FI_PROF_SM_ACTIVE{gpu="0",UUID="GPU-7",Hostname="n7"} 0.5\n`);
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  const { port } = exporter.address() as AddressInfo;
  const home = mkdtempSync(join(tmpdir(), 'tailrace-e2e-'));
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  writeFileSync(
    join(home, 'tailrace.yaml'),
    `services: [{ name: s, owner: o, models: [llama-3.1-8b], route: r }]
routes: [{ name: r, engines: [{ engine: e }] }]
engines: [{ name: e, hardware: { accelerator: h100-sxm, model: llama-3.1-8b }, simulated: {} }]
keys: [{ name: collector, hash: 'sha256:${sha256}', ingest: true }]
sources:
  - { kind: prometheus, name: gpus, urls: ['http://127.0.0.1:${port}/metrics'], intervalMs: 1000, timeoutMs: 900 }
`,
  );
  tailrace = await startTailrace({ home });
});

afterAll(async () => {
  await tailrace.stop('SIGKILL');
  tailrace.remove();
  exporter.close();
});

const push = (path: string, body: unknown): Promise<Response> =>
  fetch(`${tailrace.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('an exporter is read, and what it says comes back by subject', async () => {
  const series = await eventually(async () => {
    const reply = await tailrace.api('/api/v1/resources?since=5m&metrics=smActiveShare');
    const answer = (await reply.json()) as { series: Array<Record<string, unknown>> };
    return answer.series[0] ?? null;
  });
  expect(series).toMatchObject({
    subject: { kind: 'accelerator', id: 'GPU-7', node: 'n7' },
    source: 'gpus',
    unit: 'share',
  });
  // A minute may begin between two looks.
  const points = series['points'] as Array<{ mean: number }>;
  expect(new Set(points.map(({ mean }) => mean))).toEqual(new Set([0.5]));
});

test('an SDK pushes spans with a key that opens nothing else', async () => {
  const attributes = [
    { key: 'gen_ai.system', value: { stringValue: 'openai' } },
    { key: 'gen_ai.usage.prompt_tokens', value: { intValue: '3' } },
  ];
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    startTimeUnixNano: `${Date.now()}000000`,
    attributes,
  };
  const reply = await push('/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect(reply.status).toBe(200);
  const listed = await (await tailrace.api('/api/v1/external-requests')).json();
  expect(listed).toMatchObject({ total: 1, requests: [{ provider: 'openai', tokens: { in: 3 } }] });
  const refused = [
    await push('/v1/chat/completions', { model: 'llama-3.1-8b', messages: [] }),
    await push('/api/v1/keys', { name: 'x' }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 403]);
});
