import type { ProbeSettings } from './probe-settings.ts';
import { CANARIES, wordsPrompt } from './prompts.ts';

/** Longest prompts of the usage check, in words of one token each; they are spread over the latency requests. */
const LENGTHS = [8, 16, 32, 64, 128, 256, 512] as const;
/** Prompt tokens beside the words: the template of the model. */
const TEMPLATE_TOKENS = 40;

/** One request that is to be sent. `words`: length of the prompt in one-token words; null where not known. */
export type Step =
  | { kind: 'models' }
  | { kind: 'auth'; key: string | null }
  | { kind: 'error'; name: string; body: string }
  | ChatStep;

export interface ChatStep {
  kind: 'chat';
  stream: boolean;
  prompt: string;
  words: number | null;
  canary: number | null;
  maxTokens: number;
}

export interface ProbePlan {
  steps: Step[];
  /** At most, by our own count of prompts and the bound on replies. */
  inputTokens: number;
  outputTokens: number;
  /** Null without prices. */
  maxUsd: number | null;
  seconds: number;
}

/**
 * What a probe sends, in order. About two fifths are canaries, fixed questions at temperature 0 that come back early and
 * late; the rest are prompts that no cache can know, of known lengths, for latency and usage.
 */
export function planProbe(settings: ProbeSettings): ProbePlan {
  const fixed: Step[] = [{ kind: 'models' }, ...authSteps(settings), ...errorSteps(settings)];
  const chats = settings.requests - fixed.length;
  const rounds = Math.max(2, 2 * Math.floor((chats * 0.4) / CANARIES.length / 2));
  const fresh = chats - rounds * CANARIES.length;
  const steps = [
    ...fixed,
    ...interleave(canarySteps(rounds, settings), freshSteps(fresh, settings)),
  ];
  const inputTokens = steps.reduce((sum, step) => sum + inputOf(step), 0);
  const outputTokens = steps.filter((one) => one.kind === 'chat').length * settings.maxTokens;
  const { prices } = settings;
  return {
    steps,
    inputTokens,
    outputTokens,
    maxUsd:
      prices === null
        ? null
        : (inputTokens * prices.usdPerMillionInput + outputTokens * prices.usdPerMillionOutput) /
          1e6,
    seconds: steps.length / settings.perSecond,
  };
}

/** Prompt tokens of a step at most; canaries are short, a token has at least one character. */
export function inputOf(step: Step): number {
  if (step.kind !== 'chat') return 0;
  return (step.words ?? Math.ceil(step.prompt.length / 2)) + TEMPLATE_TOKENS;
}

/** Without a key of ours there is nothing to find out. */
const authSteps = ({ key }: ProbeSettings): Step[] =>
  key === null
    ? [{ kind: 'auth', key: null }]
    : [
        { kind: 'auth', key: null },
        { kind: 'auth', key: 'sk-not-a-key-of-anybody' },
      ];

/** Requests that must be refused, each for one reason. */
function errorSteps({ model }: ProbeSettings): Step[] {
  const chat = (change: object): string =>
    JSON.stringify({
      model,
      max_tokens: 1,
      messages: [{ role: 'user', content: 'hi' }],
      ...change,
    });
  return [
    { kind: 'error', name: 'broken JSON', body: '{"model": ' },
    { kind: 'error', name: 'unknown model', body: chat({ model: 'no-such-model-8f3a' }) },
    { kind: 'error', name: 'messages of the wrong type', body: chat({ messages: 'hi' }) },
    { kind: 'error', name: 'negative max_tokens', body: chat({ max_tokens: -1 }) },
  ];
}

function canarySteps(rounds: number, { maxTokens }: ProbeSettings): Step[] {
  return Array.from({ length: rounds }, () =>
    CANARIES.map((prompt, canary): Step => ({
      kind: 'chat',
      stream: true,
      prompt,
      words: null,
      canary,
      maxTokens,
    })),
  ).flat();
}

/**
 * Two in nine are not streamed, so that both forms of usage are seen, and one of them asks for one token: the difference
 * in time is what the other tokens take, whatever a stream pretends.
 */
function freshSteps(count: number, { maxTokens }: ProbeSettings): Step[] {
  return Array.from({ length: count }, (_, i): Step => {
    const words = LENGTHS[i % LENGTHS.length] ?? 8;
    const stream = i % 9 < 7;
    const prompt = wordsPrompt(i, words);
    const most = i % 9 === 8 ? 1 : maxTokens;
    return { kind: 'chat', stream, prompt, words, canary: null, maxTokens: most };
  });
}

/** The two lists spread evenly over each other: what changes with time meets both. */
function interleave(a: readonly Step[], b: readonly Step[]): Step[] {
  const place = (list: readonly Step[]): Array<{ step: Step; at: number }> =>
    list.map((step, i) => ({ step, at: (i + 0.5) / list.length }));
  return [...place(a), ...place(b)].toSorted((x, y) => x.at - y.at).map(({ step }) => step);
}
