import { z } from 'zod';
import { openLogbook } from '../govern/logbook/logbook.ts';
import { createChatSender } from '../plan/load/chat-sender.ts';
import { drive } from '../plan/load/drive.ts';
import { engineCounters, workBetween, type EngineCounters } from '../plan/load/engine-counters.ts';
import { reconcile, type Reconciliation } from '../plan/load/reconcile.ts';
import { summarize, type LoadSummary } from '../plan/load/summary.ts';
import { createTally } from '../plan/load/tally.ts';
import { isLoopback, parseTarget, type Target } from '../plan/load/target.ts';
import { TailraceError } from '../records/errors.ts';
import type { TraceRow } from '../records/traces/trace-row.ts';
import { EXIT, type CommandContext } from './command.ts';
import { openRunningInstance, type Instance } from './instance.ts';
import { openLoadAccess } from './load-access.ts';
import { loadSettings, type LoadSettings } from './load-options.ts';
import { showProgress } from './load-progress.ts';
import { textValue } from './option-values.ts';
import { stateDirOf } from './state-dir.ts';
import { renderLoad } from './render-load.ts';

/** What to send: the part in which `replay` and `load` differ. */
export interface LoadPlan {
  kind: LoadSummary['kind'];
  rows: AsyncIterable<TraceRow> | Iterable<TraceRow>;
  /** Requests expected, for the progress bar. */
  expected: number;
  speed: number;
  maxRequests: number;
}

/** Replies under way at an interrupt get this long. */
const GRACE_MS = 2_000;

/**
 * Sends a plan to the target, shows how it goes, compares with the ledger, prints the summary.
 * Exit code 1 when no request succeeded or a figure differs.
 */
export async function runLoad(context: CommandContext, plan: LoadPlan): Promise<number> {
  const settings = loadSettings(context);
  const running = await openRunningInstance(context);
  const target = targetOf(context, settings, running);
  const instance = running !== null && isSame(target, running) ? running : null;
  const metricsUrls = await metricsUrlsOf(settings, instance);
  const access = await openLoadAccess(settings, target, instance);
  try {
    const summary = await send(context, plan, { settings, target, instance, metricsUrls, access });
    if (instance !== null) await keepRun(context, summary);
    context.stdout.write(
      settings.json
        ? `${JSON.stringify(summary, null, 2)}\n`
        : renderLoad(summary, context.stdout.isTTY && (context.env['NO_COLOR'] ?? '') === ''),
    );
    const differs = summary.reconciliation.checks.some((check) => !check.agree);
    return differs || summary.requests.succeeded === 0 ? EXIT.failed : EXIT.ok;
  } finally {
    await access.close();
  }
}

/** When it was; what came of it is in the instance's ledger. */
async function keepRun(context: CommandContext, summary: LoadSummary): Promise<void> {
  const { startedAtMs: fromMs, endedAtMs: toMs, rate } = summary;
  const at = { v: 1 as const, kind: 'load' as const, atMs: toMs };
  await openLogbook(stateDirOf(context)).add({
    ...at,
    fromMs,
    toMs,
    sentPerS: rate.sentPerS ?? 0,
  });
}

interface Ready {
  settings: LoadSettings;
  target: Target;
  instance: Instance | null;
  metricsUrls: readonly string[];
  access: { key: string | null; model: string };
}

async function send(context: CommandContext, plan: LoadPlan, ready: Ready): Promise<LoadSummary> {
  const { clock, signal } = context;
  const { settings, target, access, instance, metricsUrls } = ready;
  const { connections, maxDurationMs, maxInFlight, requestTimeoutMs } = settings;
  const tally = createTally();
  const sender = createChatSender({
    target,
    key: access.key,
    model: access.model,
    connections,
    clock,
  });
  const before = await readCounters(metricsUrls);
  const progress = showProgress(context, tally, plan.expected);
  try {
    const { rows, speed, maxRequests } = plan;
    const bounds = { maxRequests, maxDurationMs, maxInFlight, requestTimeoutMs, graceMs: GRACE_MS };
    const run = await drive({ rows, sender, tally, clock, speed, ...bounds, signal });
    progress.close();
    const engineWork =
      metricsUrls.length === 0 ? null : workBetween(before, await readCounters(metricsUrls));
    const reconciliation: Reconciliation = settings.reconcile
      ? await reconcile({ tally, run, api: instance, engineWork, clock })
      : { checks: [], reason: 'not asked for' };
    const about = { kind: plan.kind, target: target.origin, model: access.model };
    return summarize({ ...about, run, tally, reconciliation });
  } finally {
    progress.close();
    await sender.close();
  }
}

function targetOf(
  context: CommandContext,
  settings: LoadSettings,
  running: Instance | null,
): Target {
  const url = textValue(context.values, 'target') ?? running?.record?.url;
  if (url === undefined) {
    const message =
      'no instance runs on this state folder; start one (tailrace up) or give --target URL';
    throw new TailraceError('TR_USAGE', message, { field: 'target' });
  }
  const target = parseTarget(url, settings.allowRemote);
  if (!target.ok) throw target.error;
  return target.value;
}

/** Whether the target is the running instance; all loopback names of one port are one. */
function isSame(target: Target, running: Instance): boolean {
  if (running.record === null) return false;
  const ours = new URL(running.record.url);
  const theirs = new URL(target.origin);
  const sameHost =
    ours.hostname === theirs.hostname || (isLoopback(ours.hostname) && target.loopback);
  return sameHost && ours.port === theirs.port && ours.protocol === theirs.protocol;
}

const simulatedEngines = z.looseObject({
  engines: z.array(z.looseObject({ simulated: z.unknown(), metricsUrl: z.string().optional() })),
});

async function metricsUrlsOf(
  { engineMetrics, allowRemote }: LoadSettings,
  instance: Instance | null,
): Promise<string[]> {
  const urls = engineMetrics.filter((text) => text !== 'auto');
  if (urls.length < engineMetrics.length && instance !== null) {
    const { engines } = simulatedEngines.parse(await instance.getJson('/api/v1/config'));
    for (const { simulated, metricsUrl: url } of engines) {
      if (simulated !== undefined && url !== undefined) urls.push(url);
    }
  }
  return urls.map((url) => metricsUrl(url, allowRemote));
}

function metricsUrl(text: string, allowRemote: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) {
    if (allowRemote || isLoopback(url.hostname)) return url.href;
  }
  const message = `--engine-metrics: ${text} is not an http URL of this machine; see --allow-remote`;
  throw new TailraceError('TR_TARGET_REFUSED', message, { field: 'engine-metrics' });
}

const METRICS_MS = 5_000;

async function readCounters(urls: readonly string[]): Promise<EngineCounters[]> {
  return Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url, { signal: AbortSignal.timeout(METRICS_MS) });
      const counters = engineCounters(await response.text());
      if (!counters.ok) throw counters.error;
      return counters.value;
    }),
  );
}
