/**
 * Writes docs/openapi.json from the endpoints of the control server:
 * `node tools/generate-openapi.ts`. A test compares the committed file with its regeneration.
 */
import { writeFileSync } from 'node:fs';
import { endpoints } from '../src/api/endpoints.ts';
import { openapiText } from '../src/api/openapi-document.ts';

writeFileSync(new URL('../docs/openapi.json', import.meta.url), openapiText(endpoints));
