import type { Clock } from '../../../records/clock.ts';
import { TailraceError } from '../../../records/errors.ts';
import type { VendorStore } from '../vendor-store.ts';
import { probeEndpoint } from './probe-endpoint.ts';
import { planProbe } from './probe-plan.ts';
import type { ProbeSettings } from './probe-settings.ts';

/** A probe under way, or the last that ended, of one vendor. */
export interface ProbeJob {
  vendor: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  startedAtMs: number;
  done: number;
  total: number;
  /** Why it failed; null else. */
  error: string | null;
}

export interface ProbeJobs {
  /** Starts a probe and keeps its report. TR_BUSY while another runs, TR_NOT_FOUND. */
  start(vendor: string, settings: ProbeSettings): Promise<ProbeJob>;
  /** Null when none was started here. */
  get(vendor: string): ProbeJob | null;
  cancel(vendor: string): ProbeJob | null;
  close(): void;
}

/** Probes of this process, one at a time: two would measure each other. */
export function createProbeJobs(store: VendorStore, clock: Clock): ProbeJobs {
  const jobs = new Map<string, { job: ProbeJob; controller: AbortController }>();
  const of = (vendor: string): ProbeJob | null => {
    const entry = jobs.get(vendor);
    return entry === undefined ? null : { ...entry.job };
  };
  return {
    async start(vendor, settings) {
      const file = await store.file(vendor);
      if (file === null) {
        throw new TailraceError('TR_NOT_FOUND', `there is no vendor "${vendor}"`, { field: 'id' });
      }
      if ([...jobs.values()].some(({ job }) => job.state === 'running')) {
        throw new TailraceError('TR_BUSY', 'a probe runs already: wait for it, or cancel it');
      }
      const job: ProbeJob = {
        vendor,
        state: 'running',
        startedAtMs: clock.wallMs(),
        done: 0,
        total: planProbe(settings).steps.length,
        error: null,
      };
      const controller = new AbortController();
      jobs.set(vendor, { job, controller });
      const baseline = file.probes.at(-1) ?? null;
      const onProgress = (done: number): void => void (job.done = done);
      const { signal } = controller;
      probeEndpoint({ settings, clock, signal, baseline, onProgress })
        .then(async (report) => {
          if (!signal.aborted) await store.addProbe(vendor, report);
          job.state = signal.aborted ? 'cancelled' : 'done';
        })
        .catch((error: unknown) => {
          job.state = 'failed';
          job.error = error instanceof Error ? error.message : 'unknown reason';
        });
      return { ...job };
    },
    get: of,
    cancel(vendor) {
      jobs.get(vendor)?.controller.abort();
      return of(vendor);
    },
    close() {
      for (const { controller } of jobs.values()) controller.abort();
    },
  };
}
