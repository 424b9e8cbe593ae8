import { afterAll, beforeAll } from 'vitest';
import { startWireUpstream, type WireUpstream } from '../upstream/wire-upstream.ts';
import { sdkConformance } from './sdk.ts';

/**
 * The suite against the wire upstream itself, which speaks both dialects for any model: what fails
 * here is a fault of the suite or of the upstream, not of a gateway.
 */
const apiKey = 'sk-wire-test';
let upstream: WireUpstream;

beforeAll(async () => {
  upstream = await startWireUpstream({ apiKey });
});
afterAll(() => upstream.close());

sdkConformance(
  () => ({
    url: upstream.url,
    key: apiKey,
    modelOpenAiEngine: 'gpt-4o-mini',
    modelAnthropicEngine: 'claude-sonnet-5',
  }),
  { translates: false },
);
