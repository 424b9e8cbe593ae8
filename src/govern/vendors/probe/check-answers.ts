import { z } from 'zod';
import type { ProbeCheck } from '../vendor-records.ts';
import { isComplete, type ChatOutcome } from './chat-outcome.ts';
import type { Step } from './probe-plan.ts';
import type { PlainOutcome } from './send-step.ts';

/** Outcomes of the requests that are not chats, with what they asked. */
export interface PlainAsked {
  step: Exclude<Step, { kind: 'chat' }>;
  outcome: PlainOutcome;
}

/** Whether the endpoint asks for a key, and refuses a wrong one. */
export function checkAuth(asked: readonly PlainAsked[], hasKey: boolean): ProbeCheck {
  const answers = asked.filter(({ step }) => step.kind === 'auth');
  const statuses = answers.map(({ outcome }) => outcome.status);
  const details = { withoutKey: statuses[0] ?? null, withWrongKey: statuses[1] ?? null };
  const known = statuses.filter((status) => status !== null);
  const of = (verdict: ProbeCheck['verdict'], summary: string): ProbeCheck => ({
    id: 'auth',
    verdict,
    summary,
    details,
  });
  if (known.length === 0) return of('unknown', 'no reply');
  if (known.every((status) => status === 401 || status === 403)) {
    return of('pass', 'refuses requests without a key and with a wrong one');
  }
  const isOpen = known.some((status) => status === 200);
  if (isOpen && !hasKey) return of('absent', 'answers without any key');
  if (isOpen) return of('fail', 'answers although no key, or a wrong one, was sent');
  return of('unknown', `status ${known.join(' and ')} for a missing key`);
}

const errorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** Wrong requests are refused with 4xx and a JSON body that says why. */
export function checkErrors(asked: readonly PlainAsked[]): ProbeCheck {
  const details: Record<string, string> = {};
  const wrong: string[] = [];
  let answered = 0;
  for (const { step, outcome } of asked) {
    if (step.kind !== 'error') continue;
    const { status, text } = outcome;
    if (status === null) {
      details[step.name] = 'no reply';
      continue;
    }
    answered += 1;
    // Too many requests, or none of ours: says nothing about the form of this error.
    if (status === 429 || status === 401 || status === 403) {
      details[step.name] = `${status}, not judged`;
      continue;
    }
    const isRefused = status >= 400 && status < 500;
    const hasReason = errorBody.safeParse(parsed(text)).success;
    details[step.name] = `${status}${hasReason ? '' : ', no error.message'}`;
    if (!isRefused || !hasReason) wrong.push(`${step.name}: ${details[step.name]}`);
  }
  const verdict = answered === 0 ? 'unknown' : wrong.length === 0 ? 'pass' : 'fail';
  const right = 'wrong requests are refused with 4xx and a reason';
  const summary = answered === 0 ? 'no reply' : wrong.length === 0 ? right : wrong.join('; ');
  return { id: 'errors', verdict, summary, details };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Streams that may be bad without a verdict: one may be the network's fault. */
const BAD_STREAMS = 2;
const BAD_SHARE = 0.02;
/** Streams are judged to come in parts only where the tokens after the first take so long, and such a share of all. */
const GENERATION_MS = 100;
const GENERATION_SHARE = 0.3;

/** Streams have the form of the format, end as they say, and come as they are made. */
export function checkStreaming(chats: readonly ChatOutcome[]): ProbeCheck {
  const streams = chats.filter((one) => one.stream && one.status === 200);
  if (streams.length === 0) {
    return { id: 'streaming', verdict: 'unknown', summary: 'no stream came', details: {} };
  }
  const bad = streams.filter((one) => one.faults.length > 0 || one.broken !== null);
  const reasons = new Map<string, number>();
  for (const one of bad) {
    const why = one.faults[0] ?? 'the connection broke before the end';
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const atOnce = streams.filter(({ arrivals }) => arrivals <= 1).length;
  const isBuffered = takesTime(chats) && atOnce > streams.length / 2;
  const isBad = bad.length >= BAD_STREAMS && bad.length > BAD_SHARE * streams.length;
  const parts = [
    ...[...reasons].map(([why, times]) => `${why} (${times} of ${streams.length})`),
    ...(isBuffered ? [`the whole text came at once in ${atOnce} of ${streams.length}`] : []),
  ];
  return {
    id: 'streaming',
    verdict: isBad || isBuffered ? 'fail' : 'pass',
    summary: parts.length === 0 ? `${streams.length} streams, all whole` : parts.join('; '),
    details: { streams: streams.length, bad: bad.length, atOnce },
  };
}

/** Whether replies of all tokens take visibly longer than replies of one, neither streamed. */
function takesTime(chats: readonly ChatOutcome[]): boolean {
  const whole = chats.filter((one) => !one.stream && isComplete(one));
  const medianMs = (of: readonly ChatOutcome[]): number =>
    of.map(({ e2eMs }) => e2eMs).toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
  const oneMs = medianMs(whole.filter(({ maxTokens }) => maxTokens === 1));
  const allMs = medianMs(whole.filter(({ maxTokens }) => maxTokens > 1));
  return allMs - oneMs >= GENERATION_MS && allMs - oneMs >= GENERATION_SHARE * allMs;
}

const LIMIT = /^(?:x-ratelimit|ratelimit|anthropic-ratelimit)(?:-|$)/;

/** Replies say which limits apply (`x-ratelimit-*`, or RateLimit of the IETF draft), without contradicting themselves. */
const wasReached = ({ status }: ChatOutcome): boolean => status !== null;

export function checkRateLimits(chats: readonly ChatOutcome[]): ProbeCheck {
  const names = new Set<string>();
  const wrong = new Set<string>();
  let limited = 0;
  for (const { headers, status } of chats) {
    if (status === 429) limited += 1;
    for (const name of Object.keys(headers)) if (LIMIT.test(name)) names.add(name);
    for (const what of ['requests', 'tokens']) {
      const limit = Number(headers[`x-ratelimit-limit-${what}`]);
      const remaining = Number(headers[`x-ratelimit-remaining-${what}`]);
      if (remaining > limit) wrong.add(`more ${what} remain than the limit is`);
    }
    if (status === 429 && headers['retry-after'] === undefined) {
      wrong.add('429 without retry-after');
    }
  }
  const details = { headers: [...names].toSorted().join(', '), limited };
  const none = chats.some(wasReached) ? 'absent' : 'unknown';
  const verdict = wrong.size > 0 ? 'fail' : names.size > 0 ? 'pass' : none;
  const seen = names.size > 0 ? details.headers : 'no header names a limit';
  const summary = wrong.size > 0 ? [...wrong].join('; ') : seen;
  return { id: 'rate-limits', verdict, summary, details };
}

/** Where nothing at all came back, the fault may be between here and there: that says nothing of the vendor. */
export function checkAvailability(chats: readonly ChatOutcome[]): ProbeCheck {
  if (!chats.some(wasReached)) {
    const summary = 'no reply to any chat: the endpoint was not reached';
    return {
      id: 'availability',
      verdict: 'unknown',
      summary,
      details: { good: 0, all: chats.length },
    };
  }
  const good = chats.filter(isComplete).length;
  const verdict = good === chats.length ? 'pass' : 'fail';
  return {
    id: 'availability',
    verdict: verdict === 'fail' && chats.length - good < BAD_STREAMS ? 'unknown' : verdict,
    summary: `${good} of ${chats.length} chats were answered to the end`,
    details: { good, all: chats.length },
  };
}
