import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientText } from '../../tools/client-text.ts';

test('the generated client is what docs/openapi.json says (npm run generate)', async () => {
  const committed = readFileSync(new URL('./generated/openapi.ts', import.meta.url), 'utf8');
  const document = new URL('../../../docs/openapi.json', import.meta.url);
  expect(await clientText(document)).toBe(committed);
});
