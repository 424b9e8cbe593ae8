import type { TailraceError } from '../../records/errors.ts';
import { type TrackerCounts, zeroCounts } from '../sources/series-tracker.ts';

/** How one target of a source does: what is not taken in is counted and said, never dropped in silence. */
export interface SourceHealth {
  source: string;
  target: string;
  /** Whether the last look (or push) brought readings. */
  up: boolean;
  lastReadMs: number | null;
  lastError: { code: string; message: string; atMs: number } | null;
  reads: number;
  failures: number;
  /** Since this process started. */
  counts: TrackerCounts;
  /**
   * The newest timestamp of the last read that had any, minus the clock here: positive is ahead. Includes the way
   * here, so small negative values are normal.
   */
  clockAheadMs: number | null;
}

/** Most targets that are remembered; a pusher can make names up. */
const MAX_TARGETS = 20_000;

export class SourceHealths {
  readonly #byTarget = new Map<string, SourceHealth>();

  succeeded(
    where: { source: string; target: string; nowMs: number },
    counts: TrackerCounts,
    newestMs: number | null,
  ): void {
    const health = this.#of(where);
    if (health === null) return;
    health.up = true;
    health.reads += 1;
    health.lastReadMs = where.nowMs;
    if (newestMs !== null) health.clockAheadMs = newestMs - where.nowMs;
    for (const key of Object.keys(counts) as Array<keyof TrackerCounts>) {
      health.counts[key] += counts[key];
    }
  }

  failed(where: { source: string; target: string; nowMs: number }, error: TailraceError): void {
    const health = this.#of(where);
    if (health === null) return;
    health.up = false;
    health.failures += 1;
    health.lastError = { code: error.code, message: error.message, atMs: where.nowMs };
  }

  all(): SourceHealth[] {
    return structuredClone([...this.#byTarget.values()]);
  }

  #of({ source, target }: { source: string; target: string }): SourceHealth | null {
    const key = `${source}\n${target}`;
    const known = this.#byTarget.get(key);
    if (known !== undefined) return known;
    if (this.#byTarget.size >= MAX_TARGETS) return null;
    const fresh: SourceHealth = {
      source,
      target,
      up: false,
      lastReadMs: null,
      lastError: null,
      reads: 0,
      failures: 0,
      counts: zeroCounts(),
      clockAheadMs: null,
    };
    this.#byTarget.set(key, fresh);
    return fresh;
  }
}
