/**
 * What exporters and SDKs say: taken in by one process (the control process), kept in `telemetry.db` beside the
 * ledger, read by the account of accelerator time and the API. See docs/sources.md and docs/formats/telemetry.md.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../records/clock.ts';
import { type Result, TailraceError } from '../../records/errors.ts';
import type { ExternalRequest } from '../../records/external-request.ts';
import {
  type Reading,
  type ReadingContext,
  SeriesTracker,
  type TrackerCounts,
} from '../sources/series-tracker.ts';
import type { ClusterLook } from '../bottleneck/cluster/cluster-look.ts';
import type { ClusterSpell } from '../bottleneck/cluster/cluster-spell.ts';
import {
  ClusterSpells,
  type ClusterSpellQuery,
  dropClusterSpells,
  readClusterSpells,
} from './cluster-spells.ts';
import {
  addExternalRequests,
  dropExternalRequests,
  type ExternalRequestQuery,
  readExternalRequests,
} from './external-requests.ts';
import {
  readResourceSamples,
  type ResourceAnswer,
  type ResourceQuery,
} from './read-resource-samples.ts';
import { ResourceStore } from './resource-store.ts';
import { type SourceHealth, SourceHealths } from './source-health.ts';
import { openTelemetryDb } from './telemetry-db.ts';

const dayMs = 86_400_000;
const dropEveryMs = 3_600_000;

/** Read side. */
export interface TelemetryReader {
  /** See `readResourceSamples`. */
  resources(query: ResourceQuery): ResourceAnswer;
  externalRequests(query: ExternalRequestQuery): { requests: ExternalRequest[]; total: number };
  /** What the cards of live clusters did, cut to the window. */
  clusterSpells(query: ClusterSpellQuery): ClusterSpell[];
}

export interface Telemetry extends TelemetryReader {
  /** Takes in the readings of one look or push; returns what became of them. */
  observe(readings: Iterable<Reading>, context: ReadingContext & { target: string }): TrackerCounts;
  /** Says that a look failed, and why. */
  failed(where: { source: string; target: string }, error: TailraceError): void;
  addExternalRequests(all: readonly ExternalRequest[]): void;
  /** Takes in a look at a cluster that is looked at every `intervalMs`. */
  addClusterLook(cluster: string, look: ClusterLook, intervalMs: number): void;
  /** The cluster is not looked at any more. */
  endCluster(cluster: string): void;
  health(): {
    sources: SourceHealth[];
    seriesMapped: number;
    lateSamples: number;
    /** Minutes of series that were given up because the disk refused for too long. */
    lostMinutes: number;
  };
  /** Writes what has closed; to be called about once a minute. */
  flush(): void;
  close(): void;
}

export interface TelemetryOptions {
  dir: string;
  clock: Clock;
  retention: { minutesDays: number; hoursDays: number; externalRequestsDays: number };
}

/** Opens the store for its one owner, who holds the ledger's lock. Throws TR_STATE_NEWER. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { clock, retention } = options;
  const db = openTelemetryDb(join(options.dir, 'telemetry.db'), { readOnly: false });
  const store = new ResourceStore(db, retention);
  const tracker = new SeriesTracker({
    sample: (sample) => store.add(sample),
    holder: (held) => store.hold(held),
  });
  const spells = new ClusterSpells(db);
  const healths = new SourceHealths();
  let droppedMs = Number.NEGATIVE_INFINITY;
  return {
    observe(readings, context) {
      const before = { ...tracker.counts };
      let newestMs: number | null = null;
      for (const reading of readings) {
        tracker.observe(reading, context);
        const { timestampMs } = reading;
        if (timestampMs !== null && timestampMs > (newestMs ?? 0)) newestMs = timestampMs;
      }
      const counts = difference(before, tracker.counts);
      healths.succeeded(context, counts, newestMs);
      return counts;
    },
    failed: (where, error) => healths.failed({ ...where, nowMs: clock.wallMs() }, error),
    addExternalRequests: (all) => addExternalRequests(db, all),
    addClusterLook: (cluster, look, intervalMs) => spells.look(cluster, look, intervalMs),
    endCluster: (cluster) => spells.end(cluster),
    clusterSpells: (query) => spells.read(query, clock.wallMs()),
    resources(query) {
      const minutesFromMs = clock.wallMs() - retention.minutesDays * dayMs;
      return readResourceSamples({ db, roller: store.roller, minutesFromMs }, query);
    },
    externalRequests: (query) => readExternalRequests(db, query),
    health: () => ({
      sources: healths.all(),
      seriesMapped: tracker.mapped,
      lateSamples: store.roller.late,
      lostMinutes: store.lostRows,
    }),
    flush() {
      const nowMs = clock.wallMs();
      store.flush(nowMs);
      spells.flush();
      if (Math.abs(nowMs - droppedMs) < dropEveryMs) return;
      store.dropOld(nowMs);
      dropClusterSpells(db, nowMs - retention.minutesDays * dayMs);
      dropExternalRequests(db, nowMs - retention.externalRequestsDays * dayMs);
      tracker.forget(nowMs);
      droppedMs = nowMs;
    },
    close() {
      store.flush(clock.wallMs(), { all: true });
      spells.flush();
      db.close();
    },
  };
}

/** Opens the store of a folder that nobody runs, or that runs elsewhere, without changing it. TR_STATE_MISSING. */
export function openTelemetryReadOnly(
  options: TelemetryOptions,
): Result<TelemetryReader & { close(): void }> {
  const path = join(options.dir, 'telemetry.db');
  if (!existsSync(path)) {
    const message = `${options.dir} holds no telemetry; start Tailrace once with \`tailrace up\``;
    return { ok: false, error: new TailraceError('TR_STATE_MISSING', message) };
  }
  const db = openTelemetryDb(path, { readOnly: true });
  const minutesFromMs = options.clock.wallMs() - options.retention.minutesDays * dayMs;
  const value = {
    resources: (query: ResourceQuery) => readResourceSamples({ db, minutesFromMs }, query),
    externalRequests: (query: ExternalRequestQuery) => readExternalRequests(db, query),
    clusterSpells: (query: ClusterSpellQuery) => readClusterSpells(db, query),
    close: () => db.close(),
  };
  return { ok: true, value };
}

function difference(before: TrackerCounts, after: TrackerCounts): TrackerCounts {
  const out = { ...after };
  for (const key of Object.keys(out) as Array<keyof TrackerCounts>) out[key] -= before[key];
  return out;
}
