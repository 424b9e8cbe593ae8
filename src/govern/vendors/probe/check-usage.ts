import { countTokens } from '../../../records/token-count.ts';
import type { ProbeCheck } from '../vendor-records.ts';
import type { ChatOutcome, ChatUsage } from './chat-outcome.ts';

/** Own tokens may differ from the model's by its vocabulary: of English text by less than this factor. */
const VOCABULARY = 1.6;
/** Tokens for each word sent, which is one. */
const SLOPE_TOLERANCE = 0.03;
/** Prompt tokens by which single requests may leave the line. */
const LINE_TOLERANCE = 2;
/** So many replies must disagree before it is no accident. */
const DISAGREEING = 2;

interface Told {
  chat: ChatOutcome;
  usage: ChatUsage;
}

/**
 * Are the counts that are billed true? Prompts are n words of one token each, so prompt tokens are n plus a constant
 * (the template): slope and outliers show what is added. A reply has at most `max_tokens` tokens, exactly so many when
 * it says it was cut by length, and about as many as its text.
 */
export function checkUsage(chats: readonly ChatOutcome[]): ProbeCheck {
  const told = chats.flatMap((chat): Told[] =>
    chat.status === 200 && chat.usage !== null ? [{ chat, usage: chat.usage }] : [],
  );
  const whole = chats.filter(({ status, broken }) => status === 200 && broken === null);
  if (told.length === 0) {
    const verdict = whole.length === 0 ? 'unknown' : 'absent';
    return { id: 'usage', verdict, summary: 'no reply has usage', details: {} };
  }
  const line = promptLine(told);
  const wrong = [
    ...promptProblems(line),
    ...replyProblems(told),
    ...textProblems(told),
    ...sumProblems(told),
  ];
  const missing = whole.length - told.length;
  if (missing >= DISAGREEING) wrong.push(`${missing} of ${whole.length} replies have no usage`);
  const text = textRatio(told);
  const right =
    `${told.length} replies: ${line === null ? '?' : line.slope.toFixed(3)} prompt tokens a token sent, ` +
    `${text === null ? '?' : text.toFixed(2)} reply tokens a token by our count`;
  return {
    id: 'usage',
    verdict: wrong.length === 0 ? 'pass' : 'fail',
    summary: wrong.length === 0 ? right : wrong.join('; '),
    details: {
      replies: told.length,
      promptTokensPerToken: line?.slope ?? null,
      constantTokens: line?.constant ?? null,
      replyTokensPerOwnToken: text,
    },
  };
}

interface Line {
  slope: number;
  /** Tokens that every prompt has beside what was sent. */
  constant: number;
  outliers: number;
  requests: number;
}

/** A robust line: the median of all slopes between prompts of different lengths (Theil-Sen; Sen, JASA 63(324), 1968). */
function promptLine(told: readonly Told[]): Line | null {
  const points = told.flatMap(({ chat, usage }) =>
    chat.words === null ? [] : [{ x: chat.words, y: usage.promptTokens }],
  );
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).flatMap((b) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  );
  const slope = median(slopes);
  const constant = median(points.map(({ x, y }) => y - (slope ?? 1) * x));
  if (slope === null || constant === null) return null;
  const outliers = points.filter(
    ({ x, y }) => Math.abs(y - (constant + slope * x)) > LINE_TOLERANCE,
  ).length;
  return { slope, constant, outliers, requests: points.length };
}

function promptProblems(line: Line | null): string[] {
  if (line === null) return [];
  const { slope, outliers, requests } = line;
  if (Math.abs(slope - 1) > SLOPE_TOLERANCE) {
    return [`${slope.toFixed(2)} prompt tokens are counted for each token sent`];
  }
  return outliers >= DISAGREEING
    ? [`prompt tokens do not follow the length sent in ${outliers} of ${requests}`]
    : [];
}

/** Visible tokens: reasoning is counted apart by those who hide it. */
const visible = ({ usage }: Told): number => usage.completionTokens - usage.reasoningTokens;

function replyProblems(told: readonly Told[]): string[] {
  const over = told.filter(({ chat, usage }) => usage.completionTokens > chat.maxTokens).length;
  if (over >= DISAGREEING) {
    return [`more reply tokens than were allowed are counted in ${over} of ${told.length}`];
  }
  const cut = told.filter(({ chat }) => chat.finishReason === 'length');
  const short = cut.filter(({ chat, usage }) => usage.completionTokens < chat.maxTokens - 1).length;
  return short >= DISAGREEING
    ? [`${short} of ${cut.length} replies say that they were cut by length below it`]
    : [];
}

/** Reply tokens as told over those of the text, by our own count. */
function textRatio(told: readonly Told[]): number | null {
  const own = told.reduce((sum, { chat }) => sum + countTokens(chat.text), 0);
  return own === 0 ? null : told.reduce((sum, one) => sum + visible(one), 0) / own;
}

function textProblems(told: readonly Told[]): string[] {
  const ratio = textRatio(told);
  if (ratio !== null && (ratio > VOCABULARY || ratio < 1 / VOCABULARY)) {
    return [`${ratio.toFixed(2)} reply tokens are counted for each token of the text`];
  }
  // One reply may be odd text; several that are far from the rest are counted wrongly.
  const usual = ratio ?? 1;
  const odd = told.filter((one) => {
    const own = countTokens(one.chat.text);
    return own >= 8 && (visible(one) / own > 1.5 * usual || visible(one) / own < usual / 1.5);
  }).length;
  return odd >= Math.max(DISAGREEING, 0.03 * told.length)
    ? [`reply tokens do not follow the text in ${odd} of ${told.length}`]
    : [];
}

function sumProblems(told: readonly Told[]): string[] {
  const off = told.filter(
    ({ usage: { promptTokens, completionTokens, totalTokens } }) =>
      totalTokens !== null && totalTokens !== promptTokens + completionTokens,
  ).length;
  return off >= DISAGREEING ? [`total_tokens is not the sum in ${off} of ${told.length}`] : [];
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
