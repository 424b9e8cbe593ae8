import type { ExternalRequest } from '../../../records/external-request.ts';
import type { Attributes } from './read-request.ts';

/**
 * Names of the GenAI semantic conventions by what they mean, those of today first. Sources: the registry and migration
 * guide of open-telemetry/semantic-conventions-genai, `registry-deprecated.yaml` of semantic-conventions v1.41.1, and
 * what instrumentations sent before either (`llm.*` of OpenLLMetry, `gen_ai.latency.*` of vLLM).
 */
type Generation = 'both' | 'current' | 'legacy';

const NAMES = {
  operation: [
    ['gen_ai.operation.name', 'both'],
    ['llm.request.type', 'legacy'],
  ],
  provider: [
    ['gen_ai.provider.name', 'current'],
    ['gen_ai.system', 'legacy'],
    ['llm.vendor', 'legacy'],
  ],
  modelAsked: [
    ['gen_ai.request.model', 'both'],
    ['llm.request.model', 'legacy'],
  ],
  modelServed: [
    ['gen_ai.response.model', 'both'],
    ['llm.response.model', 'legacy'],
  ],
  tokensIn: [
    ['gen_ai.usage.input_tokens', 'current'],
    ['gen_ai.usage.prompt_tokens', 'legacy'],
    ['llm.usage.prompt_tokens', 'legacy'],
  ],
  tokensOut: [
    ['gen_ai.usage.output_tokens', 'current'],
    ['gen_ai.usage.completion_tokens', 'legacy'],
    ['llm.usage.completion_tokens', 'legacy'],
  ],
  cachedIn: [['gen_ai.usage.cache_read.input_tokens', 'current']],
  cacheWrite: [
    ['gen_ai.usage.cache_write.input_tokens', 'current'],
    ['gen_ai.usage.cache_creation.input_tokens', 'current'],
  ],
  reasoning: [['gen_ai.usage.reasoning.output_tokens', 'current']],
  ttftS: [
    ['gen_ai.response.time_to_first_chunk', 'current'],
    ['gen_ai.latency.time_to_first_token', 'legacy'],
  ],
  finishReasons: [
    ['gen_ai.response.finish_reasons', 'both'],
    ['llm.response.finish_reason', 'legacy'],
  ],
  errorType: [['error.type', 'both']],
  conversationId: [['gen_ai.conversation.id', 'both']],
  promptName: [['gen_ai.prompt.name', 'both']],
  promptVersion: [['gen_ai.prompt.version', 'both']],
} as const satisfies Record<string, ReadonlyArray<readonly [string, Generation]>>;

type Meaning = keyof typeof NAMES;

export const isGenAi = (attributes: Attributes): boolean =>
  Object.keys(attributes).some((name) => name.startsWith('gen_ai.') || name.startsWith('llm.'));

export type NamedFields = Pick<
  ExternalRequest,
  | 'operation'
  | 'provider'
  | 'modelAsked'
  | 'modelServed'
  | 'tokens'
  | 'ttftMs'
  | 'finishReasons'
  | 'errorType'
  | 'conversationId'
  | 'promptName'
  | 'promptVersion'
  | 'conventions'
  | 'attributes'
>;

/**
 * What the attributes say, whichever generation named it; where both do, the name of today wins and the other one stays
 * among `attributes`. A value of the wrong kind is no value and stays there too.
 */
export function namedFields(attributes: Attributes): NamedFields {
  const rest = { ...attributes };
  const generations = new Set<Generation>();
  const take = <T>(meaning: Meaning, read: (value: unknown) => T | null): T | null => {
    for (const [name, generation] of NAMES[meaning]) {
      const value = read(attributes[name]);
      if (value === null) continue;
      generations.add(generation);
      delete rest[name];
      return value;
    }
    return null;
  };
  const tokens = {
    in: take('tokensIn', count),
    cachedIn: take('cachedIn', count),
    cacheWrite: take('cacheWrite', count),
    out: take('tokensOut', count),
    reasoning: take('reasoning', count),
  };
  const ttftS = take('ttftS', duration);
  const fields = {
    operation: take('operation', word),
    provider: take('provider', word),
    modelAsked: take('modelAsked', word),
    modelServed: take('modelServed', word),
    tokens,
    ttftMs: ttftS === null ? null : ttftS * 1000,
    finishReasons: take('finishReasons', words) ?? [],
    errorType: take('errorType', word),
    conversationId: take('conversationId', word),
    promptName: take('promptName', word),
    promptVersion: take('promptVersion', word),
  };
  return { ...fields, conventions: conventionsOf(generations), attributes: rest };
}

function conventionsOf(found: ReadonlySet<Generation>): ExternalRequest['conventions'] {
  if (!found.has('legacy')) return 'current';
  return found.has('current') ? 'mixed' : 'legacy';
}

const word = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const words = (value: unknown): string[] | null => {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return null;
  return value.every((one) => typeof one === 'string') ? value : null;
};

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

const duration = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
