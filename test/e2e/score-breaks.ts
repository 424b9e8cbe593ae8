import { expect } from 'vitest';
import type { EntryOf, LogbookEntry, LogbookKind } from '../../src/records/logbook-entry.ts';
import type { World } from './score-world.ts';

/** A condition whose figure a second one asks more of, or without which another cannot hold, takes it along. */
export const carried: Readonly<Record<string, readonly string[]>> = {
  'utilization.telemetry': ['utilization.telemetry-99'],
  'utilization.active': ['utilization.active-55'],
  'bottlenecks.attributed': ['bottlenecks.attributed-95'],
  'bottlenecks.probes': ['bottlenecks.reference'],
  'serving.attainment': ['serving.attainment-99'],
  'serving.objectives': ['serving.attainment', 'serving.attainment-99', 'serving.goodput'],
  'reliability.restore-time': ['reliability.restore-60'],
  'finops.budgets': ['finops.forecast-error', 'finops.invoices'],
  'finops.allocated': ['finops.allocated-98'],
};

export type Change = (world: World) => void;
const eachDevice =
  (change: (device: World['devices'][number]) => void): Change =>
  (world) =>
    world.devices.forEach(change);
const services = (config: Record<string, unknown>) =>
  config['services'] as Array<Record<string, Record<string, unknown>>>;
const without =
  (slo: string): Change =>
  (world) => {
    world.config = (config) => {
      for (const one of services(config)) delete one['slo']?.[slo];
    };
  };

/** Entries of a kind become others. */
const entries =
  <Kind extends LogbookKind>(
    kind: Kind,
    change: (entry: EntryOf<Kind>) => LogbookEntry[],
  ): Change =>
  (world) => {
    world.logbook = world.logbook.flatMap((one) =>
      one.kind === kind ? change(one as EntryOf<Kind>) : [one],
    );
  };

/** One cause for each condition that a cause in the world can break by itself. */
export const breaks: Readonly<Record<string, Change>> = {
  'capacity.workload-class': ({ devices }) => {
    devices.push({ ...(devices[0] ?? expect.fail('no device')), id: 'GPU-loose' });
  },
  'capacity.separate-queues': (world) => {
    // Another service on the same route: the traffic of both is mixed.
    world.config = (config) => {
      const [chat] = services(config);
      services(config).push({ ...chat, name: 'chat-2', models: ['m2'] } as never);
    };
  },
  'utilization.telemetry': eachDevice((one) => (one.knownShare = 0.9)),
  'utilization.telemetry-99': eachDevice((one) => (one.knownShare = 0.97)),
  'utilization.allocated': (world) => (world.upShare = 0.5),
  'utilization.active': eachDevice((one) => (one.smActive = 0.2)),
  'utilization.active-55': eachDevice((one) => (one.smActive = 0.45)),
  'utilization.power-sampled': ({ devices }) => {
    for (const one of devices.slice(0, 1)) one.hasPower = false;
  },
  'utilization.idle-allocated': (world) => (world.busyShare = 0.6),
  'utilization.energy-per-work': (world) => (world.noEnergyEvery = 10),
  'utilization.envelope-checked': (world) => {
    world.plans = world.plans.map((plan) => ({ ...plan, fits: plan.fits === null ? null : false }));
  },
  'utilization.cap-tested': eachDevice((one) => (one.limits = [700, 700])),
  'bottlenecks.attributed': ({ account }) => (account.lostAttributedShare = 0.5),
  'bottlenecks.attributed-95': ({ account }) => (account.lostAttributedShare = 0.9),
  'bottlenecks.probes': (world) => {
    world.probes = world.probes.filter((one) => one.kind !== 'storage');
  },
  'bottlenecks.data-stall': ({ account }) => {
    if (account.training !== null) account.training.dataStallShare = 0.2;
  },
  'serving.percentiles': (world) => (world.hasTpot = false),
  'serving.objectives': without('e2eMs'),
  'serving.attainment': (world) => (world.slowHours = 5),
  'serving.attainment-99': (world) => (world.slowHours = 1),
  'reliability.slo': without('availability'),
  'reliability.restore-time': (world) => (world.outageQuarters = 20),
  'reliability.restore-60': (world) => (world.outageQuarters = 6),
  'reliability.fallback': (world) => {
    world.config = (config) => {
      config['routes'] = [
        { name: 'chat', engines: [{ engine: 'a' }] },
        { name: 'other', engines: [{ engine: 'b' }] },
      ];
      services(config).push({
        ...services(config)[0],
        name: 'other',
        models: ['m2'],
        route: 'other',
      } as never);
    };
  },
  'reliability.training-goodput': ({ account }) => {
    if (account.training !== null) account.training.goodputShare = 0.9;
  },
  'security.owned-keys': (world) => (world.ownedKeyShare = 0.9),
  'security.roles': (world) => (world.keys = [{ admin: true, revokedAtMs: null }]),
  'capacity.forecast-error': entries('forecast', (one) => [{ ...one, requests: 20_000 }]),
  'capacity.queue-wait': entries('day', (one) => [{ ...one, queueP90Ms: 400 }]),
  'capacity.plan-replayed': entries('plan', (one) => [{ ...one, traceRows: 20 }]),
  'bottlenecks.reference': (world) => {
    world.probes = world.probes.map((one) =>
      one.kind === 'network' ? { ...one, figures: { rate: 60 } } : one,
    );
  },
  'bottlenecks.alert-proven': (world) => (world.slowdown = 1.1),
  'serving.load-test': (world) => (world.loadGapMs = 300_000),
  'serving.canary': entries('release', (one) => [
    { ...one, passed: true, p99: one.p99 === null ? null : { ...one.p99, worse: false } },
  ]),
  'reliability.on-call': entries('alert', (one) => [{ ...one, delivered: false }]),
  'reliability.restore-test': entries('restore', (one) => [{ ...one, agrees: false }]),
  'reliability.budget-policy': entries('change', (one) => [
    one,
    // Behind the back of the gate: its last verdict was that it may not.
    { ...one, atMs: one.atMs - 1.5 * 3_600_000 },
  ]),
  'reliability.failure-injection': (world) => (world.failedEngine = 'a'),
  'reliability.change-failure': (world) => {
    world.outageQuarters = 2;
    entries('change', (one) => [{ ...one, atMs: one.atMs - 8 * 3_600_000 }])(world);
    entries('release', (one) => [one, { ...one, passed: true, atMs: one.atMs - 8 * 3_600_000 }])(
      world,
    );
  },
  'finops.budgets': entries('day', (one) => [{ ...one, usd: null }]),
  'finops.invoices': entries('invoice', (one) => [{ ...one, usd: 900 }]),
  'finops.forecast-error': entries('forecast', (one) => [{ ...one, usd: 3_000 }]),
  'security.vendors': (world) => (world.vendorGrade = 1.2),
};

/** In a second service without traffic nothing is known of traffic: these cannot hold for it. */
export const NEEDS_TRAFFIC = [
  'serving.percentiles',
  'serving.attainment',
  'serving.attainment-99',
  'serving.goodput',
  'finops.unit-costs',
  'finops.waste-priced',
  'finops.marginal',
  'security.owned-keys',
  'utilization.energy-per-work',
  'reliability.restore-time',
  'reliability.restore-60',
  // Nor is anything kept of it.
  'bottlenecks.alert-proven',
  'capacity.forecast-error',
  'capacity.queue-wait',
  'finops.budgets',
  'finops.forecast-error',
  'finops.invoices',
  'reliability.budget-policy',
  'reliability.change-failure',
  'reliability.failure-injection',
  'reliability.incident-log',
  'reliability.on-call',
  'serving.canary',
  'serving.load-test',
];
