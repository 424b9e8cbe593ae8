/**
 * The account of an inference engine's accelerator time, from its samples, the requests that it served and the counters of
 * its devices. Pure. Time outside of its samples is paid too where it lies between them: it is unexplained.
 */
import { findAccelerator } from '../../../catalog/accelerators.ts';
import type { Config, EngineConfig } from '../../../config/schema.ts';
import type { Window } from '../../ledger/ledger.ts';
import { acceleratorHourUsd } from '../../cost/accelerator-hour.ts';
import type { Accounted } from '../account-detail.ts';
import { closeAccount } from '../close-account.ts';
import { type DeviceFacts, deviceNotes } from '../device-facts.ts';
import { goodput, rooflinePosition } from '../metrics.ts';
import { createTimeBook, type TimeBook } from '../time-book.ts';
import type { WorkMetrics } from '../why-report.ts';
import { splitBusy } from './busy-split.ts';
import type { EngineSlice } from './engine-slice.ts';
import { sliceTotals, type SliceTotals } from './slice-totals.ts';

export interface EngineFacts {
  engine: EngineConfig;
  config: Config;
  slices: readonly EngineSlice[];
  window: Window;
  devices: DeviceFacts | null;
}

/** Null for a public API (no time is paid for) and without samples; both are said in `missing` by the caller. */
export function engineAccount(facts: EngineFacts): Accounted | null {
  const { engine, devices } = facts;
  if (engine.cost?.basis === 'api') return null;
  const totals = sliceTotals(facts.slices, engine.hardware?.count ?? null);
  if (totals === null) return null;
  const services = servicesOf(facts);
  const book = createTimeBook(totals.paidSeconds);
  for (const note of deviceNotes(devices)) book.unknown(note);
  const busy = takeIdle(book, totals, facts, services.length > 0);
  const busySplit = splitBusy(book, { ...facts, totals, busySeconds: busy });
  const rate = engine.cost === undefined ? null : acceleratorHourUsd(engine.cost);
  const hours = book.paidSeconds / 3600;
  const energyWh = totals.energyWh ?? (devices?.powerW == null ? null : devices.powerW * hours);
  const idleW = findAccelerator(engine.hardware?.accelerator ?? '')?.idleW ?? null;
  return {
    account: {
      subject: engine.name,
      kind: 'engine',
      business: 'inference',
      services,
      accelerators: engine.hardware?.count ?? null,
      accelerator: engine.hardware?.accelerator ?? null,
      usdPerAcceleratorHour: rate,
      basis: totals.simulated ? 'modelled' : 'measured',
      simulated: totals.simulated,
      ...facts.window,
      acceleratorHours: hours,
      usd: rate === null ? null : rate * hours,
      energyWh,
      leaves: closeAccount(book, { usdPerAcceleratorHour: rate, energyWh, idleW }),
      metrics: metricsOf(devices, totals, busySplit.usefulSeconds),
      missing: missingOf(engine, devices, totals),
    },
    detail: busySplit.detail,
  };
}

/** Services whose route names the engine. */
function servicesOf({ engine, config }: EngineFacts): string[] {
  const routes = config.routes.filter(
    (route) =>
      route.engines.some((one) => one.engine === engine.name) ||
      route.fallback.includes(engine.name),
  );
  const names = new Set(routes.map((route) => route.name));
  return config.services.filter(({ route }) => names.has(route)).map(({ name }) => name);
}

/** Time in which the engine did not work; returns its busy accelerator-seconds. */
function takeIdle(
  book: TimeBook,
  totals: SliceTotals,
  { engine, devices }: EngineFacts,
  isRouted: boolean,
): number {
  if (totals.gapSeconds > 0) {
    book.unknown(`${minutes(totals.gapSeconds, totals)} min without a sample of ${engine.name}`);
  }
  if (totals.silentSeconds > 0) {
    const evidence = `its metrics did not answer for ${minutes(totals.silentSeconds, totals)} min, though it replied to requests in that time`;
    book.unknown(evidence);
  }
  book.take('failed', totals.downSeconds, {
    confidence: 'medium',
    evidence: 'did not answer its metrics, and no request either: starting, loading or down',
  });
  const unmeasured = totals.upSeconds - totals.measuredSeconds;
  const active = devices?.activeShare ?? null;
  const byCounters = active === null ? 0 : unmeasured * active;
  if (unmeasured > 0 && active === null) {
    book.unknown(
      `${engine.name} does not say how busy it is; give engines[${engine.name}].devices and a source that reads them`,
    );
  }
  const idle =
    totals.measuredSeconds - totals.busySeconds + (active === null ? 0 : unmeasured - byCounters);
  book.take(isRouted ? 'no-demand' : 'left-on', idle, {
    confidence: byCounters > 0 ? 'medium' : 'high',
    evidence: isRouted
      ? 'up, and no step ran: an engine with requests waiting does not idle'
      : 'up and idle, and no route names it',
  });
  return totals.busySeconds + byCounters;
}

const minutes = (seconds: number, { accelerators }: SliceTotals): string =>
  (seconds / 60 / accelerators).toFixed(1);

function metricsOf(
  devices: DeviceFacts | null,
  totals: SliceTotals,
  usefulSeconds: number | null,
): WorkMetrics {
  const { busySeconds, paidSeconds } = totals;
  return {
    smActiveShare: devices?.smActive ?? null,
    tensorActiveShare: devices?.tensorActive ?? null,
    dramActiveShare: devices?.dramActive ?? null,
    modelFlopsUtilization: null,
    hardwareFlopsUtilization: null,
    goodput: goodput({
      scheduling: null,
      runtime: paidSeconds === 0 ? null : busySeconds / paidSeconds,
      program:
        usefulSeconds === null || busySeconds === 0
          ? null
          : Math.min(1, usefulSeconds / busySeconds),
    }),
    acceleratorUtilization: null,
    rooflinePosition: rooflinePosition(devices?.tensorActive ?? null, devices?.dramActive ?? null),
  };
}

function missingOf(
  engine: EngineConfig,
  devices: DeviceFacts | null,
  totals: SliceTotals,
): string[] {
  const at = `engines[${engine.name}]`;
  return [
    ...(engine.cost === undefined ? [`${at}.cost`] : []),
    ...(engine.hardware === undefined ? [`${at}.hardware`] : []),
    ...(devices === null ? [`${at}.devices, and a source that reads them`] : []),
    ...(totals.gapSeconds > 0 ? [`samples of ${at} for the whole window`] : []),
  ];
}
