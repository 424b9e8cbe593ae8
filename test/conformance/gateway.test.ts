import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema, type Config } from '../../src/config/schema.ts';
import { systemClock } from '../../src/records/clock.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import { createHttp1Transport } from '../../src/serve/engines/http1/transport.ts';
import { createGateway, type Gateway } from '../../src/serve/gateway.ts';
import { createLog } from '../../src/serve/log.ts';
import { startWireUpstream, type WireUpstream } from '../upstream/wire-upstream.ts';
import { sdkConformance } from './sdk.ts';
import { faultModels, type EngineFamily } from './target.ts';

/** The SDK suite against a gateway in front of the wire upstream: every client and engine pair. */
const upstreamKey = 'sk-upstream';
const key = 'sk-client';
const models: ReadonlyArray<readonly [string, EngineFamily]> = [
  ['gpt-4o-mini', 'openai'],
  ['claude-sonnet-5', 'anthropic'],
  ...faultModels.map(
    (name) => [name, name.startsWith('openai/') ? 'openai' : 'anthropic'] as const,
  ),
];

let upstream: WireUpstream;
let gateway: Gateway;
let url = '';
const records: RequestRecord[] = [];

beforeAll(async () => {
  upstream = await startWireUpstream({ apiKey: upstreamKey });
  gateway = createGateway(
    { config: configFor(upstream.url), keys: [keyEntry], controlPort: null },
    {
      clock: systemClock,
      random: () => 0.5,
      sink: { append: (record) => records.push(record) },
      createMeter: () => ({
        price: () => ({
          cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
          energy: { energyWh: null, basis: 'unknown' },
        }),
      }),
      createTransport: createHttp1Transport,
      countTokens: (text) => text.length,
      onSettled: () => {},
      log: createLog({ level: 'error', process: 'test', clock: systemClock, write: () => {} }),
    },
  );
  await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await gateway.drain(1000);
  await upstream.close();
});

const keyEntry = {
  id: 'k1',
  name: 'client',
  sha256: createHash('sha256').update(key).digest('hex'),
  services: [],
  tenant: null,
  admin: false,
};

/** An engine per model, so that a failing one does not take the health of another. */
function configFor(upstreamUrl: string): Config {
  return configSchema.parse({
    services: models.map(([model], i) => ({
      name: `s${i}`,
      owner: 'test',
      models: [model],
      route: `r${i}`,
    })),
    routes: models.map((_, i) => ({ name: `r${i}`, engines: [{ engine: `e${i}` }] })),
    engines: models.map(([, dialect], i) => ({
      name: `e${i}`,
      dialect,
      url: `${upstreamUrl}/v1`,
      apiKey: upstreamKey,
    })),
  });
}

sdkConformance(() => ({
  url,
  key,
  modelOpenAiEngine: 'gpt-4o-mini',
  modelAnthropicEngine: 'claude-sonnet-5',
}));

describe('records of the conformance run', () => {
  it('settled every request that an engine saw, once', () => {
    expect(records.length).toBeGreaterThan(100);
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
  });

  it('took usage from the engine wherever a request succeeded', () => {
    const succeeded = records.filter((record) => record.outcome === 'success');
    expect(succeeded.length).toBeGreaterThan(80);
    const estimated = succeeded.filter((record) => record.usageSource !== 'engine');
    expect(estimated).toEqual([]);
  });

  it('covered every pair of dialects', () => {
    const pairs = new Set(records.map(({ dialectIn, dialectOut }) => `${dialectIn}>${dialectOut}`));
    for (const pair of [
      'openai-chat>openai',
      'openai-chat>anthropic',
      'openai-completions>openai',
      'openai-completions>anthropic',
      'openai-embeddings>openai',
      'anthropic-messages>openai',
      'anthropic-messages>anthropic',
    ]) {
      expect(pairs).toContain(pair);
    }
  });
});
