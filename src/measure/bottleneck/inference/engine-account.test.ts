import { describe, expect, it } from 'vitest';
import type { EngineUse } from '../../ledger/ledger.ts';
import type { Accounted } from '../account-detail.ts';
import {
  saidOf,
  shareOf,
  startMs,
  testingConfig,
  testingDevices,
  window,
} from '../testing-facts.ts';
import { engineAccount } from './engine-account.ts';
import type { EngineSlice } from './engine-slice.ts';

const MINUTE_MS = 60_000;
const NOTHING = { requests: 0, tokensIn: 0, tokensCachedIn: 0, tokensOut: 0 };

/** An engine over sixty minutes; `change` says what is different in a minute. */
function slicesOf(
  change: (minute: number) => { use?: Partial<EngineUse> | null; served?: EngineSlice['served'] },
): EngineSlice[] {
  return Array.from({ length: 60 }, (_, minute) => {
    const piece = {
      fromMs: startMs + minute * MINUTE_MS,
      toMs: startMs + (minute + 1) * MINUTE_MS,
    };
    const { use, served = NOTHING } = change(minute);
    const whole: EngineUse = {
      engine: 'sim',
      window: piece,
      sampledMs: MINUTE_MS,
      upMs: MINUTE_MS,
      acceleratorSeconds: 60,
      busyShare: 0.5,
      runningMean: 2,
      waitingMean: 0,
      batchLimit: 256,
      kvUsageShare: 0.1,
      preemptions: 0,
      energyWh: 5,
      simulated: false,
      ...use,
    };
    return { window: piece, use: use === null ? null : whole, replies: served.requests, served };
  });
}

function accountOf(
  slices: readonly EngineSlice[],
  options: { name?: string; devices?: ReturnType<typeof testingDevices> } = {},
): Accounted {
  const config = testingConfig();
  const engine = config.engines.find((one) => one.name === (options.name ?? 'sim'));
  if (engine === undefined) throw new Error('no engine');
  const facts = { engine, config, slices, window, devices: options.devices ?? null };
  const accounted = engineAccount(facts);
  if (accounted === null) throw new Error('no account');
  return accounted;
}

const work = { requests: 10, tokensIn: 5_000, tokensCachedIn: 0, tokensOut: 2_000 };

describe('the account of an engine', () => {
  it('tells idle from small batches, and useful work by the roofline at the largest batch', () => {
    const one = accountOf(slicesOf(() => ({ served: work })));
    expect(shareOf(one, 'no-demand')).toBeCloseTo(0.5, 9);
    expect(shareOf(one, 'small-batch')).toBeGreaterThan(0.2);
    expect(shareOf(one, 'useful')).toBeGreaterThan(0);
    expect(one.detail.batch?.mean).toBeCloseTo(4, 9);
    expect(one.detail.batch?.could).toBeGreaterThan(50);
    expect(one.account).toMatchObject({ usd: 3, services: ['chat'], energyWh: 300 });
  });

  it('calls the KV cache full where requests wait for it', () => {
    const use = { waitingMean: 5, kvUsageShare: 0.48 };
    const one = accountOf(slicesOf(() => ({ use, served: work })));
    expect(shareOf(one, 'kv-full')).toBeGreaterThan(0.2);
    expect(shareOf(one, 'small-batch')).toBe(0);
  });

  it('tells an engine that is down from an exporter that is', () => {
    const down = accountOf(slicesOf((m) => ({ use: m < 15 ? { upMs: 0, busyShare: null } : {} })));
    expect(shareOf(down, 'failed')).toBeCloseTo(0.25, 9);
    const silent = accountOf(
      slicesOf((m) => ({ use: m < 15 ? { upMs: 0, busyShare: null } : {}, served: work })),
    );
    expect(shareOf(silent, 'failed')).toBe(0);
    expect(shareOf(silent, 'unexplained')).toBeGreaterThanOrEqual(0.25);
  });

  it('pays for minutes without samples between others, and cannot explain them', () => {
    const one = accountOf(slicesOf((m) => (m >= 10 && m < 25 ? { use: null } : {})));
    expect(one.account.acceleratorHours).toBeCloseTo(1, 9);
    expect(shareOf(one, 'unexplained')).toBeGreaterThanOrEqual(0.25);
    expect(saidOf(one)).toContain('15.0 min without a sample of sim');
  });

  it('goes by the counters of devices where the engine does not say how busy it is', () => {
    const silent = slicesOf(() => ({ use: { busyShare: null, batchLimit: null } }));
    expect(shareOf(accountOf(silent), 'unexplained')).toBeCloseTo(1, 9);
    const seen = accountOf(silent, { devices: testingDevices({ activeShare: 0.3 }) });
    expect(shareOf(seen, 'no-demand')).toBeCloseTo(0.7, 9);
  });

  it('counts steps without kernels as the host, and clocks that are held down as throttled', () => {
    const one = accountOf(
      slicesOf(() => ({ served: work })),
      {
        devices: testingDevices({
          activeShare: 0.4,
          tensorActive: 0.2,
          dramActive: 0.2,
          throttle: {
            powerShare: 0.5,
            heatShare: 0,
            lostShare: 0.2,
            clockMhz: 1600,
            fullClockMhz: 2000,
            throttledAt: () => true,
          },
        }),
      },
    );
    expect(shareOf(one, 'host-cpu')).toBeCloseTo(0.1, 9);
    expect(shareOf(one, 'throttled')).toBeCloseTo(0.05, 9);
    expect(one.detail.throttle?.clockShare).toBeCloseTo(0.8, 9);
  });

  it('calls an idle engine that no route names left on', () => {
    const idle = slicesOf(() => ({ use: { busyShare: 0 } }));
    expect(shareOf(accountOf(idle, { name: 'spare' }), 'left-on')).toBeCloseTo(1, 9);
  });
});
