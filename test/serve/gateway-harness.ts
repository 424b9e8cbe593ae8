import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { configSchema, type Config } from '../../src/config/schema.ts';
import { createMeter } from '../../src/measure/cost/meter.ts';
import { systemClock } from '../../src/records/clock.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import { countTokens } from '../../src/records/token-count.ts';
import { createHttp1Transport } from '../../src/serve/engines/http1/transport.ts';
import { createGateway, type Gateway, type GatewaySnapshot } from '../../src/serve/gateway.ts';
import { createLog } from '../../src/serve/log.ts';

/** A real gateway in this process, its records kept in memory. */
export interface Harness {
  url: string;
  key: string;
  gateway: Gateway;
  records: RequestRecord[];
  update(config: unknown): void;
  /** The record of the reply with this id, once it is settled. */
  recordOf(requestId: string | null): Promise<RequestRecord>;
  post(
    path: string,
    body: unknown,
    init?: { signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>;
  close(): Promise<void>;
}

const key = 'tr_test_key';
const keys: GatewaySnapshot['keys'] = [
  {
    id: 'k1',
    name: 'test',
    sha256: createHash('sha256').update(key).digest('hex'),
    services: [],
    tenant: null,
    admin: false,
  },
];

export async function startHarness(config: unknown): Promise<Harness> {
  const parse = (input: unknown): Config => configSchema.parse(input);
  const records: RequestRecord[] = [];
  const gateway = createGateway(
    { config: parse(config), keys, controlPort: null },
    {
      clock: systemClock,
      random: Math.random,
      sink: { append: (record) => void records.push(record) },
      createMeter,
      createTransport: createHttp1Transport,
      countTokens,
      onSettled: () => {},
      log: createLog({ level: 'error', process: 'test', clock: systemClock, write: () => {} }),
    },
  );
  await new Promise<void>((resolve) => {
    gateway.server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`;
  return {
    url,
    key,
    gateway,
    records,
    update: (next) => gateway.update({ config: parse(next), keys, controlPort: null }),
    recordOf: (id) => until(() => records.find((record) => record.id === id)),
    post: (path, body, init = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          ...init.headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(init.signal === undefined ? {} : { signal: init.signal }),
      }),
    close: () => gateway.drain(1_000),
  };
}

/** Waits until `probe` gives a value. */
export async function until<T>(probe: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error('waited 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One service, one route over the given engines; parts can be overridden. */
export function configOf(options: {
  engines: Array<{
    name: string;
    url: string;
    dialect?: string;
    apiKey?: string;
    models?: string[];
  }>;
  fallback?: string[];
  models: string[];
  route?: Record<string, unknown>;
  service?: Record<string, unknown>;
  server?: Record<string, unknown>;
}): unknown {
  const fallback = options.fallback ?? [];
  return {
    server: options.server ?? {},
    services: [
      { name: 's', owner: 'test', models: options.models, route: 'r', ...options.service },
    ],
    routes: [
      {
        name: 'r',
        engines: options.engines
          .filter(({ name }) => !fallback.includes(name))
          .map(({ name }) => ({ engine: name })),
        fallback,
        ...options.route,
      },
    ],
    engines: options.engines,
  };
}
