/**
 * Where accelerator time went, in money: accounts of every engine, job and cluster, their trees by business, and what the
 * rules make of them. Reads rollups, minutes of telemetry and step logs; never raw records. Must not invent: what is not
 * known is the leaf `unexplained`, and says why.
 */
import type { ClusterConfig, Config, EngineConfig, JobConfig } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import type { LedgerReader, Window } from '../ledger/ledger.ts';
import type { ResourceAnswer, ResourceQuery } from '../telemetry/read-resource-samples.ts';
import type { Accounted } from './account-detail.ts';
import { clusterAccount } from './cluster/cluster-account.ts';
import type { ClusterFacts } from './cluster/cluster-facts.ts';
import type { ClusterSpell } from './cluster/cluster-spell.ts';
import { liveClusterFacts } from './cluster/live-cluster-facts.ts';
import { DEVICE_METRICS, type DeviceFacts, deviceFacts } from './device-facts.ts';
import { findLosses } from './find-losses.ts';
import { engineAccount } from './inference/engine-account.ts';
import { engineSlices } from './inference/engine-slice.ts';
import { mergeTrees } from './merge-trees.ts';
import type { GainPlanner } from './rules/rule.ts';
import { jobAccount } from './training/job-account.ts';
import type { ReadJobSteps } from './training/read-job-steps.ts';
import { whySentence } from './why-sentence.ts';
import type { WhyReport } from './why-report.ts';

export interface WhyQuery {
  ledger: LedgerReader;
  /** Null: no telemetry is kept here. */
  resources: ((query: ResourceQuery) => ResourceAnswer) | null;
  readSteps: ReadJobSteps;
  config: Config;
  window: Window;
  /** A service, an engine or a job; default: everything. */
  subject?: string | undefined;
  clusters?: readonly ClusterFacts[] | undefined;
  /** What the cards of configured clusters did; absent: they are not asked about. */
  clusterSpells?: ((window: Window) => ClusterSpell[]) | undefined;
  planner: GainPlanner | null;
  clock: Clock;
}

/** How far back full clocks and steps without throttling are looked for. */
const REFERENCE_MS = 86_400_000;
/** Of one look at the telemetry; longer windows take longer steps. */
const MAX_STEPS = 600;
const MINUTE_MS = 60_000;

/** Rejects with TR_WINDOW_INVALID for an empty window, TR_NOT_FOUND for a subject that is not configured. */
export async function computeWhy(query: WhyQuery): Promise<WhyReport> {
  const { window, config, clock } = query;
  if (!(window.fromMs < window.toMs)) {
    const message = 'the window must start before it ends';
    throw new TailraceError('TR_WINDOW_INVALID', message, { field: 'since' });
  }
  const asked = subjectsOf(config, query.subject);
  const unknown: string[] = [];
  const devices = createDeviceLook(query, unknown);
  const live = liveFacts(query, asked, unknown);
  const accounted = [
    ...(await engineAccounts(query, asked.engines, devices, unknown)),
    ...(await jobAccounts(query, asked.jobs, devices, unknown)),
    ...[...(query.clusters ?? []), ...live].map((one) => clusterAccount(one, window)),
  ];
  const accounts = accounted.map((one) => one.account);
  const findings = findLosses(accounted, query.planner);
  const trees = mergeTrees(accounts);
  return {
    generatedAtMs: clock.wallMs(),
    ...window,
    subject: query.subject ?? null,
    simulated: simulatedOf(accounts.map((one) => one.simulated)),
    trees,
    accounts,
    findings,
    sentence: whySentence(accounts, findings, window),
    unknown: [...new Set(unknown)],
  };
}

function simulatedOf(flags: readonly boolean[]): WhyReport['simulated'] {
  if (!flags.includes(true)) return 'none';
  return flags.includes(false) ? 'some' : 'all';
}

function liveFacts(
  { clusterSpells, window }: WhyQuery,
  { clusters }: { clusters: readonly ClusterConfig[] },
  unknown: string[],
): ClusterFacts[] {
  if (clusterSpells === undefined || clusters.length === 0) return [];
  const live = liveClusterFacts(clusters, clusterSpells(window), window);
  unknown.push(...live.unknown);
  return live.facts;
}

/** What a name on the command line means: a service's engines, one engine, one job, or one cluster. */
function subjectsOf(
  config: Config,
  subject: string | undefined,
): { engines: EngineConfig[]; jobs: JobConfig[]; clusters: ClusterConfig[] } {
  if (subject === undefined) {
    return { engines: config.engines, jobs: config.jobs, clusters: config.clusters };
  }
  const service = config.services.find(({ name }) => name === subject);
  const route = config.routes.find(({ name }) => name === service?.route);
  const routed = new Set(
    route === undefined ? [] : [...route.engines.map((one) => one.engine), ...route.fallback],
  );
  const engines = config.engines.filter(({ name }) => name === subject || routed.has(name));
  const jobs = config.jobs.filter(({ name }) => name === subject);
  const clusters = config.clusters.filter(({ name }) => name === subject);
  if (engines.length + jobs.length + clusters.length > 0 || service !== undefined) {
    return { engines, jobs, clusters };
  }
  const { services } = config;
  const known = [...services, ...config.jobs, ...config.engines, ...config.clusters].map(
    ({ name }) => name,
  );
  const message = `no service, job, engine or cluster is called "${subject}"; configured: ${known.join(', ')}`;
  throw new TailraceError('TR_NOT_FOUND', message, { field: 'subject' });
}

type DeviceLook = (names: readonly string[]) => DeviceFacts | null;

/** Reads the counters once for everybody; without a store or devices there are none. */
function createDeviceLook(query: WhyQuery, unknown: string[]): DeviceLook {
  const { resources, window } = query;
  if (resources === null) {
    unknown.push('counters of accelerators: no telemetry is kept here (docs/sources.md)');
    return () => null;
  }
  const look = (sinceMs: number): ResourceAnswer => {
    const spanMs = window.toMs - sinceMs;
    const stepMs = Math.max(MINUTE_MS, Math.ceil(spanMs / MAX_STEPS / MINUTE_MS) * MINUTE_MS);
    return resources({
      sinceMs,
      untilMs: window.toMs,
      kind: 'accelerator',
      metrics: DEVICE_METRICS,
      stepMs,
    });
  };
  try {
    const answer = look(window.fromMs);
    const reference = look(window.fromMs - REFERENCE_MS);
    return (names) => (names.length === 0 ? null : deviceFacts(names, answer, reference));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    unknown.push(`counters of accelerators: ${error.message}; ask for a shorter window`);
    return () => null;
  }
}

async function engineAccounts(
  query: WhyQuery,
  engines: readonly EngineConfig[],
  devices: DeviceLook,
  unknown: string[],
): Promise<Accounted[]> {
  const own = engines.filter(({ cost }) => cost?.basis !== 'api');
  if (own.length === 0) return [];
  const slices = await engineSlices(query.ledger, query.window);
  return own.flatMap((engine) => {
    const { config, window } = query;
    const names = engine.devices ?? (engine.simulated === undefined ? [] : [engine.name]);
    const facts = { engine, config, window, slices: slices.get(engine.name) ?? [] };
    const account = engineAccount({ ...facts, devices: devices(names) });
    if (account !== null) return account;
    unknown.push(
      engine.hardware === undefined
        ? `time of ${engine.name}: give engines[${engine.name}].hardware, so that its accelerators are known`
        : `time of ${engine.name}: no sample of it in this window`,
    );
    return [];
  });
}

async function jobAccounts(
  query: WhyQuery,
  jobs: readonly JobConfig[],
  devices: DeviceLook,
  unknown: string[],
): Promise<Accounted[]> {
  const { window, clock, readSteps } = query;
  const accounted: Accounted[] = [];
  for (const job of jobs) {
    const steps = await readSteps(job, window);
    const facts = { job, steps, window, nowMs: clock.wallMs(), devices: devices(job.devices) };
    const one = jobAccount(facts);
    if (one !== null) accounted.push(one);
    else unknown.push(`time of ${job.name}: ${steps.notes[0] ?? 'no step of it in this window'}`);
  }
  return accounted;
}
