/** What the SDK suites drive: a gateway, or the wire upstream itself, that speaks both dialects. */
export interface SdkTarget {
  /** Without a path, e.g. `http://127.0.0.1:8787`. */
  url: string;
  key: string;
  /** A model that an OpenAI engine serves. */
  modelOpenAiEngine: string;
  /** A model that an Anthropic engine serves. */
  modelAnthropicEngine: string;
}

export type EngineFamily = 'openai' | 'anthropic';
export const engineFamilies: readonly EngineFamily[] = ['openai', 'anthropic'];

export const modelOf = (target: SdkTarget, engine: EngineFamily): string =>
  engine === 'openai' ? target.modelOpenAiEngine : target.modelAnthropicEngine;

/**
 * Name of the model that makes the wire upstream fail (test/upstream/faults.ts). A gateway has to
 * serve these names and hand the name on: `openai/…` to its OpenAI engine, `anthropic/…` to its
 * Anthropic engine.
 */
export const faultModel = (engine: EngineFamily, fault: string): string => `${engine}/${fault}`;

/** Every fault that the suites ask for. */
export const faultModels: readonly string[] = engineFamilies.flatMap((engine) =>
  [
    'error-400',
    'error-429',
    'error-500',
    'error-mid-stream',
    'cut-mid-stream',
    'cached',
    'interleaved-tools',
  ].map((fault) => faultModel(engine, fault)),
);

/** A reply of `words` words and more: long enough to be aborted in its middle. */
export const longPrompt = (words: number): string =>
  Array.from({ length: words }, (_, i) => `w${i}`).join(' ');

/** What the upstream's tool call holds for a question about the weather in `city`. */
export const weatherArguments = (city: string): { city: string; unit: string } => ({
  city,
  unit: 'celsius',
});

export const weatherSchema = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, unit: { type: 'string' } },
  required: ['city'],
};

/** The smallest PNG: one transparent pixel. */
export const pixelBase64 =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
