import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { endpoints } from './endpoints.ts';
import { openapiText } from './openapi-document.ts';

test('docs/openapi.json is what the endpoints say (node tools/generate-openapi.ts)', () => {
  const committed = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  expect(committed).toBe(openapiText(endpoints));
});

test('every operation has an id of its own, a summary and a key', () => {
  const document = JSON.parse(openapiText(endpoints)) as {
    paths: Record<
      string,
      Record<string, { operationId: string; summary: string; security: unknown }>
    >;
  };
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBeGreaterThan(12);
  expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
  for (const one of operations) {
    expect(one.summary).not.toBe('');
    expect(one.security).toEqual([{ adminKey: [] }]);
  }
});
