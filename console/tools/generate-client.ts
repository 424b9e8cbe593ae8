/** Writes console/src/api/generated/openapi.ts; a test compares it with its regeneration. */
import { writeFileSync } from 'node:fs';
import { clientText } from './client-text.ts';

const text = await clientText(new URL('../../docs/openapi.json', import.meta.url));
writeFileSync(new URL('../src/api/generated/openapi.ts', import.meta.url), text);
