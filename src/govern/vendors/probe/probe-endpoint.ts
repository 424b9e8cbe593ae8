/**
 * Asks an OpenAI-compatible endpoint what its vendor was asked, and compares. One request at a time, at a bounded rate; it
 * stops at the bound on money, when asked to, and when the endpoint is down or refuses. Texts of replies are not kept.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import type { Clock } from '../../../records/clock.ts';
import { SIMULATED_HEADER } from '../../../records/simulation.ts';
import { countTokens } from '../../../records/token-count.ts';
import type { ProbeMetric } from '../question.ts';
import type { Measure, ProbeReport } from '../vendor-records.ts';
import { isComplete, type ChatOutcome } from './chat-outcome.ts';
import {
  checkAuth,
  checkAvailability,
  checkErrors,
  checkRateLimits,
  checkStreaming,
  type PlainAsked,
} from './check-answers.ts';
import { checkPinning } from './check-pinning.ts';
import { checkTls } from './check-tls.ts';
import { checkUsage } from './check-usage.ts';
import { inputOf, planProbe, type Step } from './probe-plan.ts';
import type { ProbeSettings } from './probe-settings.ts';
import { percentMeasure, quantileMeasure } from './quantile-interval.ts';
import { sendChat, sendPlain, type Wire } from './send-step.ts';

export interface ProbeOptions {
  settings: ProbeSettings;
  clock: Clock;
  signal: AbortSignal;
  /** The last probe of this vendor, to see drift between dates. */
  baseline: ProbeReport | null;
  onProgress?: (done: number, total: number) => void;
  /** Certificates that are trusted besides the system's; for tests and private authorities. */
  ca?: string;
}

/** Failures in a row after which one leaves the endpoint alone. */
const MAX_FAILURES = 8;
const MAX_LIMITED = 5;
const MAX_WAIT_MS = 10_000;

interface Run {
  plain: PlainAsked[];
  chats: ChatOutcome[];
  sent: number;
  inputTokens: number;
  outputTokens: number;
  simulated: boolean;
  stopped: string | null;
}

/** Probes; never throws for what the endpoint does. */
export async function probeEndpoint(options: ProbeOptions): Promise<ProbeReport> {
  const { settings, clock, signal, ca } = options;
  const atMs = clock.wallMs();
  const startMs = clock.monoMs();
  const tls = await checkTls(settings.endpoint, atMs, ca);
  const dispatcher = new Agent({
    connections: 1,
    pipelining: 1,
    connect: { timeout: settings.timeoutMs, ...(ca === undefined ? {} : { ca }) },
  });
  try {
    const run = await sendAll({ dispatcher, settings, clock, signal }, options);
    const { chats } = run;
    return {
      atMs,
      endpoint: settings.endpoint,
      model: settings.model,
      durationMs: clock.monoMs() - startMs,
      requests: run.sent,
      inputTokens: run.inputTokens,
      outputTokens: run.outputTokens,
      costUsd: costOf(settings, run.inputTokens, run.outputTokens),
      simulated: run.simulated,
      stopped: run.stopped,
      checks: [
        tls,
        checkAuth(run.plain, settings.key !== null),
        checkErrors(run.plain),
        checkStreaming(chats),
        checkUsage(chats),
        checkPinning(chats, settings.model, options.baseline),
        checkRateLimits(chats),
        checkAvailability(chats),
      ],
      metrics: metricsOf(chats),
    };
  } finally {
    await dispatcher.destroy();
  }
}

async function sendAll(wire: Wire, options: ProbeOptions): Promise<Run> {
  const { settings, clock, signal } = wire;
  const { steps } = planProbe(settings);
  const run: Run = {
    plain: [],
    chats: [],
    sent: 0,
    inputTokens: 0,
    outputTokens: 0,
    simulated: false,
    stopped: null,
  };
  const startMs = clock.monoMs();
  const spacingMs = 1000 / settings.perSecond;
  for (const [i, step] of steps.entries()) {
    const waitMs = startMs + i * spacingMs - clock.monoMs();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    run.stopped = reasonToStop(settings, run, step, signal);
    if (run.stopped !== null) break;
    await sendOne(wire, run, step);
    options.onProgress?.(i + 1, steps.length);
  }
  return run;
}

async function sendOne(wire: Wire, run: Run, step: Step): Promise<void> {
  run.sent += 1;
  if (step.kind !== 'chat') {
    const outcome = await sendPlain(wire, step);
    run.plain.push({ step, outcome });
    return;
  }
  const outcome = await sendChat(wire, step);
  run.chats.push(outcome);
  run.inputTokens += countTokens(step.prompt);
  run.outputTokens += countTokens(outcome.text);
  run.simulated ||= outcome.headers[SIMULATED_HEADER] === 'true';
  if (outcome.status !== 429) return;
  const waitMs = Math.min(MAX_WAIT_MS, Number(outcome.headers['retry-after'] ?? 1) * 1000);
  await delay(Number.isFinite(waitMs) ? waitMs : 1000, undefined, { signal: wire.signal }).catch(
    () => undefined,
  );
}

function reasonToStop(
  settings: ProbeSettings,
  run: Run,
  step: Step,
  signal: AbortSignal,
): string | null {
  if (signal.aborted) return 'stopped by hand';
  const last = run.chats.slice(-MAX_FAILURES);
  if (last.length === MAX_FAILURES && last.every((one) => one.status !== 200)) {
    const status = last.at(-1)?.status;
    return `${MAX_FAILURES} failures in a row (${status == null ? 'no connection' : `status ${status}`})`;
  }
  const limited = run.chats.filter(({ status }) => status === 429).length;
  if (limited >= MAX_LIMITED) return `refused ${limited} times for its rate: give a lower one`;
  const next = costOf(
    settings,
    run.inputTokens + inputOf(step),
    run.outputTokens + settings.maxTokens,
  );
  return settings.maxUsd !== null && next !== null && next > settings.maxUsd
    ? `the next request could pass ${settings.maxUsd} USD`
    : null;
}

function costOf(
  { prices }: ProbeSettings,
  inputTokens: number,
  outputTokens: number,
): number | null {
  if (prices === null) return null;
  const { usdPerMillionInput, usdPerMillionOutput } = prices;
  return (inputTokens * usdPerMillionInput + outputTokens * usdPerMillionOutput) / 1e6;
}

/** Latencies of streams that no cache could know; single replies of canaries say little about load. */
function metricsOf(chats: readonly ChatOutcome[]): Record<ProbeMetric, Measure> {
  const fresh = chats.filter((one) => one.stream && one.canary === null && isComplete(one));
  const ttft = fresh.flatMap(({ ttftMs }) => ttftMs ?? []);
  const tpot = fresh.flatMap((one) => tpotOf(one) ?? []);
  const e2e = fresh.map(({ e2eMs }) => e2eMs);
  return {
    ttftMsP50: quantileMeasure(ttft, 0.5),
    ttftMsP95: quantileMeasure(ttft, 0.95),
    ttftMsP99: quantileMeasure(ttft, 0.99),
    tpotMsP50: quantileMeasure(tpot, 0.5),
    tpotMsP95: quantileMeasure(tpot, 0.95),
    e2eMsP95: quantileMeasure(e2e, 0.95),
    goodPercent: percentMeasure(chats.filter(isComplete).length, chats.length),
  };
}

/** By our own count of the text: the endpoint's may be what is wrong. */
function tpotOf({ ttftMs, lastTokenMs, text }: ChatOutcome): number | null {
  const tokens = countTokens(text);
  if (ttftMs === null || lastTokenMs === null || tokens < 2) return null;
  return (lastTokenMs - ttftMs) / (tokens - 1);
}
