import { expect, test } from 'vitest';
import { configSchema, type Config } from '../../config/schema.ts';
import { configChange, configDigest } from './config-change.ts';

const config = (change: (raw: Record<string, unknown>) => void = () => {}): Config => {
  const raw: Record<string, unknown> = {
    services: [
      { name: 'chat', owner: 'ada', models: ['m'], route: 'chat' },
      { name: 'code', owner: 'bob', models: ['n'], route: 'code' },
    ],
    routes: [
      { name: 'chat', engines: [{ engine: 'a' }], fallback: ['b'] },
      { name: 'code', engines: [{ engine: 'b' }] },
    ],
    engines: [
      { name: 'a', url: 'http://127.0.0.1:9/v1' },
      { name: 'b', simulated: {}, url: 'http://127.0.0.1:9/v1' },
    ],
  };
  change(raw);
  return configSchema.parse(raw);
};
const engine = (i: number, url: string) =>
  config((raw) => {
    const found = (raw['engines'] as Array<Record<string, unknown>>)[i];
    if (found !== undefined) found['url'] = url;
  });

test('a change names its parts and the services that it touches', () => {
  expect(configChange(config(), config(), 1)).toBeNull();
  const moved = engine(0, 'http://127.0.0.1:10/v1');
  expect(configChange(config(), moved, 1)).toMatchObject({
    parts: ['engines a'],
    services: ['chat'],
  });
  const gone = config((raw) => (raw['routes'] as unknown[]).pop());
  expect(configChange(config(), gone, 1)).toMatchObject({ services: ['code'] });
  const logging = config((raw) => (raw['logLevel'] = 'debug'));
  expect(configChange(config(), logging, 1)).toBeNull();
});

test('the port that a simulated engine gets at a start is no change', () => {
  const started = engine(1, 'http://127.0.0.1:4711/v1');
  expect(configChange(config(), started, 1)).toBeNull();
  expect(configDigest(started)).toBe(configDigest(config()));
});

test('before the first known configuration everything is touched', () => {
  expect(configChange(null, config(), 1)?.services.toSorted()).toEqual(['chat', 'code']);
});
