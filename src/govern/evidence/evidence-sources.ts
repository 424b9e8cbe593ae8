import type { Config } from '../../config/schema.ts';
import type { Answers } from '../../measure/answers/answers.ts';
import type { LedgerReader, Window } from '../../measure/ledger/ledger.ts';
import type { Clock } from '../../records/clock.ts';
import type { Logbook } from '../logbook/logbook.ts';
import type { ResourceMetric, ResourceSubject } from '../../records/resource-sample.ts';

/** One metric of one accelerator over a window, as the telemetry store knows it. */
export interface ResourceFact {
  subject: ResourceSubject;
  metric: ResourceMetric;
  /** Share of the window in which it is known. */
  knownShare: number;
  points: ReadonlyArray<{ knownMs: number; mean: number; min: number; max: number }>;
}

/** A plan that was computed here. `fits`: whether the site carries it; null where that was not asked. */
export interface PlanFact {
  id: string;
  kind: 'serve' | 'search' | 'double' | 'facility' | 'train';
  endedAtMs: number;
  fits: boolean | null;
}

/** A run of a probe. */
export interface ProbeFact {
  kind: string;
  atMs: number;
  hostname: string;
  /** Throughputs it measured, as medians, by metric. */
  figures: Readonly<Record<string, number>>;
}

/** Where accelerator time went, from its account. Shares are 0..1, null where they are not known. */
export interface AccountFact {
  /** Of the time that was lost, the part that has a cause. */
  lostAttributedShare: number | null;
  /** Of training; `explainedShare` is the part of its time that the account explains. */
  training: {
    dataStallShare: number;
    goodputShare: number | null;
    explainedShare: number;
    simulated: boolean;
  } | null;
  simulated: boolean;
}

/**
 * What collectors may read. Everything that is optional may not be there yet: a collector that lacks it
 * says nothing. Rooms that govern does not know hand themselves in through these forms.
 */
export interface EvidenceSources {
  ledger: LedgerReader;
  config: () => Config;
  clock: Clock;
  computeAnswers: (ask: {
    ledger: LedgerReader;
    config: Config;
    window: Window;
    clock: Clock;
  }) => Promise<Answers>;
  /** Keys made at run time. */
  keys: () => ReadonlyArray<{ admin: boolean; revokedAtMs: number | null }>;
  resources?: (query: {
    sinceMs: number;
    untilMs: number;
    kind: 'accelerator';
    metrics: readonly ResourceMetric[];
    stepMs: number;
  }) => { series: readonly ResourceFact[] };
  plans?: () => readonly PlanFact[];
  probes?: () => Promise<readonly ProbeFact[]>;
  /** What happened once and is kept: plans, drills, releases, days. */
  logbook?: Pick<Logbook, 'entries'>;
  account?: (window: Window) => Promise<AccountFact | null>;
  /** Mean grade (0 to 3) of the vendors marked critical. */
  vendors?: () => Promise<{ meanGrade: number; count: number; atMs: number } | null>;
}
