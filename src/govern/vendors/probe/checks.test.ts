import { describe, expect, it } from 'vitest';
import type { ChatOutcome } from './chat-outcome.ts';
import {
  checkAuth,
  checkAvailability,
  checkErrors,
  checkRateLimits,
  checkStreaming,
  type PlainAsked,
} from './check-answers.ts';
import { checkPinning } from './check-pinning.ts';
import { checkUsage } from './check-usage.ts';

const TEXT = 'the quick brown fox jumps over the lazy dog';
const TOKENS = 9;

const chat = (change: Partial<ChatOutcome> = {}): ChatOutcome => ({
  stream: true,
  words: null,
  canary: null,
  maxTokens: 24,
  status: 200,
  contentType: 'text/event-stream',
  headers: {},
  broken: null,
  model: 'm',
  fingerprint: null,
  text: TEXT,
  finishReason: 'stop',
  usage: { promptTokens: 20, completionTokens: TOKENS, totalTokens: 29, reasoningTokens: 0 },
  ttftMs: 20,
  lastTokenMs: 200,
  e2eMs: 210,
  arrivals: 9,
  faults: [],
  ...change,
});
const times = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i));

describe('streams', () => {
  const whole = (maxTokens: number, e2eMs: number): ChatOutcome[] =>
    times(5, () => chat({ stream: false, maxTokens, e2eMs, arrivals: 0 }));

  it('that come at once are wrong only where their tokens take time', () => {
    const held = times(20, () => chat({ arrivals: 1 }));
    const slow = [...held, ...whole(24, 210), ...whole(1, 30)];
    const fast = [...held, ...whole(24, 60), ...whole(1, 40)];
    expect(checkStreaming(slow)).toMatchObject({ verdict: 'fail' });
    expect(checkStreaming(fast)).toMatchObject({ verdict: 'pass' });
  });

  it('may break once, not twice', () => {
    const good = times(30, () => chat());
    const broken = chat({ broken: 'reset' });
    expect(checkStreaming([...good, broken])).toMatchObject({ verdict: 'pass' });
    expect(checkStreaming([...good, broken, broken])).toMatchObject({ verdict: 'fail' });
    expect(checkStreaming([])).toMatchObject({ verdict: 'unknown' });
  });
});

describe('availability', () => {
  const unreached = times(8, () => chat({ status: null, broken: 'no connection', headers: {} }));

  it('is unknown where nothing was reached, and so are limits', () => {
    expect(checkAvailability(unreached)).toMatchObject({ verdict: 'unknown' });
    expect(checkAvailability([])).toMatchObject({ verdict: 'unknown' });
    expect(checkRateLimits(unreached)).toMatchObject({ verdict: 'unknown' });
  });

  it('fails where replies came and two did not', () => {
    const verdictOf = (lost: number) =>
      checkAvailability([chat(), ...unreached.slice(0, lost)]).verdict;
    expect([0, 1, 2].map(verdictOf)).toEqual(['pass', 'unknown', 'fail']);
  });
});

describe('usage', () => {
  const prompts = (tokens: (words: number, i: number) => number): ChatOutcome[] =>
    times(20, (i) => {
      const words = 8 * (1 + (i % 5));
      const promptTokens = Math.round(tokens(words, i));
      const usage = {
        promptTokens,
        completionTokens: TOKENS,
        totalTokens: null,
        reasoningTokens: 0,
      };
      return chat({ words, usage });
    });

  it('is true with any constant template, and false with a factor or with outliers', () => {
    expect(checkUsage(prompts((n) => n + 37))).toMatchObject({
      verdict: 'pass',
      details: { constantTokens: 37, promptTokensPerToken: 1 },
    });
    expect(checkUsage(prompts((n) => 1.05 * n + 37))).toMatchObject({ verdict: 'fail' });
    expect(checkUsage(prompts((n, i) => n + (i % 8 === 0 ? 30 : 0)))).toMatchObject({
      verdict: 'fail',
    });
  });

  it('does not hold another vocabulary against a model, and counts reasoning apart', () => {
    const usage = (completionTokens: number, reasoningTokens = 0): ChatOutcome[] =>
      times(10, () =>
        chat({
          maxTokens: 64,
          usage: { promptTokens: 20, completionTokens, totalTokens: null, reasoningTokens },
        }),
      );
    expect(checkUsage(usage(12))).toMatchObject({ verdict: 'pass' });
    expect(checkUsage(usage(39, 30))).toMatchObject({ verdict: 'pass' });
    expect(checkUsage(usage(20))).toMatchObject({ verdict: 'fail' });
    expect(checkUsage(usage(70))).toMatchObject({ verdict: 'fail' });
  });

  it('says so when there is none', () => {
    expect(checkUsage(times(5, () => chat({ usage: null })))).toMatchObject({ verdict: 'absent' });
    expect(checkUsage([])).toMatchObject({ verdict: 'unknown' });
  });
});

describe('pinning', () => {
  const rounds = (answer: (canary: number, round: number) => string): ChatOutcome[] =>
    times(8, (round) => times(8, (canary) => chat({ canary, text: answer(canary, round) }))).flat();

  it('takes noise that is there all the time for noise', () => {
    // A linear congruential step: some answers differ, early as often as late.
    const noisy = rounds((canary, round) =>
      (canary * 5 + round * 3) % 7 === 0 ? `other ${canary} ${round}` : `answer ${canary}`,
    );
    expect(checkPinning(noisy, 'm', null).verdict).toBe('pass');
    const wild = rounds((canary, round) => `${(canary * 31 + round * 17) % 97} words`);
    expect(checkPinning(wild, 'm', null).verdict).toBe('unknown');
  });

  it('sees a change at any time that leaves some answers on both sides', () => {
    for (const from of [2, 3, 4, 5, 6]) {
      const changed = rounds((canary, round) => `${round < from ? 'before' : 'after'} ${canary}`);
      expect(checkPinning(changed, 'm', null).verdict, `from round ${from}`).toBe('fail');
    }
  });

  it('sees another model name within the probe', () => {
    const chats = rounds((canary) => `answer ${canary}`);
    expect(checkPinning([...chats, chat({ model: 'other' })], 'm', null).verdict).toBe('fail');
  });
});

it('auth: a wrong key must be refused where one is needed', () => {
  const asked = (...statuses: Array<number | null>): PlainAsked[] =>
    statuses.map((status) => ({
      step: { kind: 'auth', key: null },
      outcome: { status, headers: {}, text: '' },
    }));
  expect(checkAuth(asked(401, 403), true).verdict).toBe('pass');
  expect(checkAuth(asked(401, 200), true).verdict).toBe('fail');
  expect(checkAuth(asked(200), false).verdict).toBe('absent');
  expect(checkAuth(asked(null), false).verdict).toBe('unknown');
});

it('errors: 4xx with a reason, and nothing is said of refusals for rate or key', () => {
  const asked = (status: number, text: string): PlainAsked[] => [
    { step: { kind: 'error', name: 'x', body: '' }, outcome: { status, headers: {}, text } },
  ];
  expect(checkErrors(asked(404, '{"error":{"message":"no"}}')).verdict).toBe('pass');
  expect(checkErrors(asked(404, '<html>')).verdict).toBe('fail');
  expect(checkErrors(asked(200, '{}')).verdict).toBe('fail');
  expect(checkErrors(asked(500, '{"error":{"message":"no"}}')).verdict).toBe('fail');
  expect(checkErrors(asked(429, '')).verdict).toBe('pass');
});

it('rate limits: present, absent, or at odds with themselves', () => {
  const of = (headers: Record<string, string>): string =>
    checkRateLimits([chat({ headers })]).verdict;
  expect(of({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59' })).toBe(
    'pass',
  );
  expect(of({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '61' })).toBe(
    'fail',
  );
  expect(of({ ratelimit: '"default";r=50;t=30' })).toBe('pass');
  expect(of({})).toBe('absent');
});
