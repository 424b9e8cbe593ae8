import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../records/clock.ts';
import { startAgent, type Agent } from './agent.ts';
import type { Peer } from './ask-agent.ts';
import { receiveFlow, sendFlow } from './flows.ts';
import { incastOf, probeNetwork } from './probe-network.ts';

const token = 'secret';
let agents: Agent[] = [];
let peers: Peer[] = [];

beforeAll(async () => {
  const start = (): Promise<Agent> =>
    startAgent({
      host: '127.0.0.1',
      port: 0,
      token,
      clock: systemClock,
      maxConnections: 16,
      idleMs: 2_000,
    });
  agents = await Promise.all([start(), start()]);
  peers = agents.map(({ port }) => ({ host: '127.0.0.1', port }));
});
afterAll(() => Promise.all(agents.map((agent) => agent.close())));

const peer = (): Peer => {
  const [one] = peers;
  if (one === undefined) throw new Error('no agent');
  return one;
};

const say = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(peer().port, '127.0.0.1', () => socket.end(text));
    let reply = '';
    socket.on('data', (chunk) => (reply += chunk.toString('utf8')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(reply));
  });

describe('probe between agents', () => {
  it('measures latency, bandwidth, tail under load and incast', async () => {
    const probe = await probeNetwork({
      peers,
      token,
      durationMs: 120,
      flowCounts: [1, 2],
      linkGbit: 1000,
      clock: systemClock,
    });
    for (const report of probe.peers) {
      expect(report.idle.count).toBeGreaterThan(20);
      expect(report.idle.p99Ms).toBeGreaterThanOrEqual(report.idle.p50Ms);
      expect(report.loaded.count).toBeGreaterThan(0);
      expect(report.byFlows.map((one) => one.flows)).toEqual([1, 2]);
      expect(report.bestReceiveGbit).toBeGreaterThan(0.05);
      const best = Math.max(report.bestSendGbit, report.bestReceiveGbit);
      expect(report.shareOfLink).toBeCloseTo(best / 1000, 12);
    }
    expect(probe.incast).toMatchObject({ senders: 2 });
    expect(probe.incast?.fairness).toBeGreaterThan(0.5);
  });

  it('counts at the far side what was sent, and here what came', async () => {
    const options = { token, durationMs: 60, clock: systemClock };
    const [sent, received] = [await sendFlow(peer(), options), await receiveFlow(peer(), options)];
    expect(sent.bytes % 262_144).toBe(0);
    expect(sent.bytes).toBeGreaterThan(0);
    expect(received.bytes % 262_144).toBe(0);
  });

  it('turns away a wrong token, and says what to do', async () => {
    const options = { token: 'wrong', durationMs: 50, clock: systemClock };
    await expect(sendFlow(peer(), options)).rejects.toThrow(/--token/);
    await expect(receiveFlow(peer(), options)).rejects.toThrow(/--token/);
    const nobody = { host: '127.0.0.1', port: 1 };
    await expect(sendFlow(nobody, options)).rejects.toThrow(/127\.0\.0\.1:1: .*--listen/);
  });

  it('outlives whatever is sent to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect(['', '{"error":"refused"}\n']).toContain(await say(`${text}\n`));
      }),
      { numRuns: 20 },
    );
    expect(await say('x'.repeat(3000))).toBe('{"error":"refused"}\n');
    expect(await say('')).toBe('');
    const options = { token, durationMs: 30, clock: systemClock };
    expect((await sendFlow(peer(), options)).bytes).toBeGreaterThan(0);
  });

  it('says where it cannot listen', async () => {
    const again = startAgent({
      host: '127.0.0.1',
      port: peer().port,
      token,
      clock: systemClock,
      maxConnections: 1,
      idleMs: 100,
    });
    await expect(again).rejects.toThrow(/cannot listen on 127\.0\.0\.1:.*--listen/);
  });
});

describe('incast', () => {
  it('is held against what the senders reach alone', () => {
    const both = [
      { peer: 'a', gbit: 6 },
      { peer: 'b', gbit: 4 },
    ];
    const incast = incastOf(both, [10, 10], 10);
    expect(incast).toMatchObject({ aggregateGbit: 10, idealGbit: 10, oversubscription: 2 });
    expect(incast.fairness).toBeCloseTo(100 / 104, 12);
    expect(incastOf(both, [6, 4], null)).toMatchObject({ idealGbit: 10, oversubscription: 1 });
  });

  it('keeps its bounds', () => {
    const rate = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(rate, rate), { minLength: 1, maxLength: 9 }), (rates) => {
        const together = rates.map(([gbit], i) => ({ peer: String(i), gbit }));
        const incast = incastOf(
          together,
          rates.map(([, alone]) => alone),
          100,
        );
        expect(incast.fairness).toBeLessThanOrEqual(1 + 1e-9);
        expect(incast.fairness).toBeGreaterThanOrEqual(1 / rates.length - 1e-9);
        expect(incast.oversubscription).toBeGreaterThanOrEqual(1);
        expect(incast.idealGbit).toBeLessThanOrEqual(100);
      }),
    );
  });
});
