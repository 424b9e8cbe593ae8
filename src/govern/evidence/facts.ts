import type { Config, EngineConfig, ServiceConfig } from '../../config/schema.ts';
import type { Answers, ServiceAnswer } from '../../measure/answers/answers.ts';
import type { Cell, EngineUse, LedgerReader, Window } from '../../measure/ledger/ledger.ts';
import type { EntryOf, LogbookKind } from '../../records/logbook-entry.ts';
import { entriesOf } from '../logbook/logbook.ts';
import type { EvidenceSources } from './evidence-sources.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Cells of one step of time. */
export interface Step {
  window: Window;
  cells: Cell[];
}

/**
 * What one run of the collectors reads, each thing once however many collectors ask. Windows end now and are
 * as long as the condition says.
 */
export interface Facts {
  sources: EvidenceSources;
  config: Config;
  nowMs: number;
  windowOf(days: number): Window;
  answers(window: Window): Promise<Answers>;
  answer(window: Window, service: string): Promise<ServiceAnswer | null>;
  cells(window: Window): Promise<Cell[]>;
  engineUse(window: Window): Promise<EngineUse[]>;
  /** By engine, model and status, in steps. */
  steps(window: Window, stepMs: number): Promise<Step[]>;
  /** Entries of one kind of the logbook, oldest first; null where none is kept. */
  logbook<Kind extends LogbookKind>(kind: Kind): Promise<Array<EntryOf<Kind>> | null>;
  /** Share of the window's days in which the platform took in requests or samples. */
  coverage(window: Window): Promise<number>;
}

export function createFacts(sources: EvidenceSources): Facts {
  const { ledger, clock } = sources;
  const config = sources.config();
  const nowMs = clock.wallMs();
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(name: string, window: Window, ask: () => Promise<T>): Promise<T> => {
    const key = `${name} ${window.fromMs} ${window.toMs}`;
    const asked = known.get(key) ?? ask();
    known.set(key, asked);
    return asked as Promise<T>;
  };
  const by = 'engine-model-status';
  const facts: Facts = {
    sources,
    config,
    nowMs,
    windowOf: (days) => ({ fromMs: Math.max(0, nowMs - days * DAY_MS), toMs: nowMs }),
    answers: (window) =>
      once('answers', window, () => sources.computeAnswers({ ledger, config, window, clock })),
    answer: async (window, service) =>
      (await facts.answers(window)).services.find((one) => one.service === service) ?? null,
    cells: (window) => once('cells', window, () => ledger.cells({ window, by })),
    engineUse: (window) => once('uses', window, () => ledger.engineUse(window)),
    steps: (window, stepMs) =>
      once(`steps ${stepMs}`, window, () => ledger.series({ window, by, stepMs })),
    async logbook(kind) {
      const { logbook } = sources;
      if (logbook === undefined) return null;
      return entriesOf(
        await once('logbook', { fromMs: 0, toMs: 0 }, () => logbook.entries()),
        kind,
      );
    },
    coverage: (window) =>
      once('coverage', window, async () =>
        coverageOf(await facts.steps(window, HOUR_MS), ledger, window),
      ),
  };
  return facts;
}

/**
 * A day counts when anything was taken in on it: a quiet night is measured too, a stopped collector is not.
 * Days are counted back from the window's end.
 */
async function coverageOf(
  hours: readonly Step[],
  ledger: LedgerReader,
  window: Window,
): Promise<number> {
  const busy = hours.filter((step) => step.cells.some((cell) => cell.requests > 0));
  const days = Math.max(1, Math.round((window.toMs - window.fromMs) / DAY_MS));
  let covered = 0;
  for (let day = 0; day < days; day += 1) {
    const toMs = window.toMs - day * DAY_MS;
    const fromMs = Math.max(window.fromMs, toMs - DAY_MS);
    const has = busy.some((step) => step.window.fromMs < toMs && step.window.toMs > fromMs);
    if (has || (await wasSampled(ledger, { fromMs, toMs }))) covered += 1;
  }
  return covered / days;
}

async function wasSampled(ledger: LedgerReader, window: Window): Promise<boolean> {
  return (await ledger.engineUse(window)).some((use) => use.sampledMs > 0);
}

/** Engines that the route of a service names, fallbacks too. */
export function enginesOf(service: ServiceConfig, config: Config): EngineConfig[] {
  const route = config.routes.find((one) => one.name === service.route);
  const names = new Set([
    ...(route?.engines.map((one) => one.engine) ?? []),
    ...(route?.fallback ?? []),
  ]);
  return config.engines.filter((engine) => names.has(engine.name));
}

/** Whether everything that serves it is simulated: then nothing about it is real. */
export const isSimulated = (service: ServiceConfig, config: Config): boolean => {
  const engines = enginesOf(service, config);
  return engines.length > 0 && engines.every((engine) => engine.simulated !== undefined);
};

/** Accelerators of engines that are paid for by time; engines without hardware have none. */
export const acceleratorsOf = (engine: EngineConfig): number => engine.hardware?.count ?? 0;
