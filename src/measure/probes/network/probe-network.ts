import type { Clock } from '../../../records/clock.ts';
import { quantile } from '../evidence/quantile.ts';
import { peerName, type Peer } from './ask-agent.ts';
import { receiveFlow, sendFlow, totalGbit, type FlowOptions } from './flows.ts';
import { roundTrips } from './round-trips.ts';

export interface NetworkProbeOptions {
  peers: readonly Peer[];
  token: string;
  /** Of each part. */
  durationMs: number;
  /** Flows at once that are tried, in order. */
  flowCounts: readonly number[];
  /** What a link should carry, one direction; null: not known. */
  linkGbit: number | null;
  clock: Clock;
  onPart?: (name: string) => void;
}

export interface Latency {
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  count: number;
}

/** Between this machine and its peers. Gbit are 1e9 bits; shares are 0 to 1. */
export interface NetworkProbe {
  peers: PeerReport[];
  /** All peers send here at once: what arrives, against the sum of what each can send alone. */
  incast: Incast | null;
  linkGbit: number | null;
}

export interface PeerReport {
  peer: string;
  idle: Latency;
  /** While as many flows as were fastest fill the path. */
  loaded: Latency;
  /** p99 under load over p99 idle. */
  tailInflation: number;
  byFlows: Array<{ flows: number; sendGbit: number; receiveGbit: number }>;
  bestSendGbit: number;
  bestReceiveGbit: number;
  /** Of `linkGbit`; null when that is not known. */
  shareOfLink: number | null;
  samples: { idleMs: number[]; loadedMs: number[] };
}

export interface Incast {
  senders: number;
  aggregateGbit: number;
  /** Sum of what the peers reach alone, at most the link of the receiver where that is known. */
  idealGbit: number;
  perPeerGbit: Array<{ peer: string; gbit: number }>;
  /** Jain's index: 1 is equal shares, 1/n is one flow taking all. */
  fairness: number;
  /** Sum alone over together: 1 is none; above the receiver's link is the limit, or the fabric. */
  oversubscription: number;
}

const MESSAGE_BYTES = 64;
const MAX_ROUND_TRIPS = 20_000;

/** Measures each peer by itself, then all together. Bounded: (2 + 2 flowCounts) durations a peer, one more for incast. */
export async function probeNetwork(options: NetworkProbeOptions): Promise<NetworkProbe> {
  const peers: PeerReport[] = [];
  for (const peer of options.peers) peers.push(await probePeer(peer, options));
  const incast = options.peers.length < 2 ? null : await probeIncast(peers, options);
  return { peers, incast, linkGbit: options.linkGbit };
}

async function probePeer(peer: Peer, options: NetworkProbeOptions): Promise<PeerReport> {
  const { clock, token, durationMs, flowCounts, linkGbit, onPart } = options;
  const name = peerName(peer);
  const flow: FlowOptions = { token, durationMs, clock };
  onPart?.(`${name}: latency`);
  const idleMs = await trips(peer, options);
  const byFlows: PeerReport['byFlows'] = [];
  for (const flows of flowCounts) {
    onPart?.(`${name}: ${flows} flows`);
    const send = await atOnce(flows, () => sendFlow(peer, flow));
    const receive = await atOnce(flows, () => receiveFlow(peer, flow));
    byFlows.push({ flows, sendGbit: totalGbit(send), receiveGbit: totalGbit(receive) });
  }
  const fastest = byFlows.toSorted((a, b) => b.sendGbit - a.sendGbit)[0]?.flows ?? 1;
  onPart?.(`${name}: latency under load`);
  const [loadedMs] = await Promise.all([
    trips(peer, options),
    atOnce(fastest, () => sendFlow(peer, flow)),
  ]);
  const idle = latencyOf(idleMs);
  const loaded = latencyOf(loadedMs);
  const bestSendGbit = Math.max(...byFlows.map((one) => one.sendGbit));
  const bestReceiveGbit = Math.max(...byFlows.map((one) => one.receiveGbit));
  return {
    peer: name,
    idle,
    loaded,
    tailInflation: idle.p99Ms > 0 ? loaded.p99Ms / idle.p99Ms : 1,
    byFlows,
    bestSendGbit,
    bestReceiveGbit,
    shareOfLink: linkGbit === null ? null : Math.max(bestSendGbit, bestReceiveGbit) / linkGbit,
    samples: { idleMs, loadedMs },
  };
}

const trips = (peer: Peer, { token, durationMs }: NetworkProbeOptions): Promise<number[]> =>
  roundTrips(peer, { token, messageBytes: MESSAGE_BYTES, count: MAX_ROUND_TRIPS, durationMs });

const atOnce = <T>(count: number, start: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, start));

const latencyOf = (ms: readonly number[]): Latency => ({
  p50Ms: quantile(ms, 0.5) ?? 0,
  p99Ms: quantile(ms, 0.99) ?? 0,
  p999Ms: quantile(ms, 0.999) ?? 0,
  count: ms.length,
});

async function probeIncast(
  reports: readonly PeerReport[],
  { peers, token, durationMs, clock, linkGbit, onPart }: NetworkProbeOptions,
): Promise<Incast> {
  onPart?.(`incast from ${peers.length} peers`);
  const flows = await Promise.all(
    peers.map((peer) => receiveFlow(peer, { token, durationMs, clock })),
  );
  const alone = reports.map((one) => one.byFlows[0]?.receiveGbit ?? 0);
  return incastOf(
    flows.map((flow) => ({ peer: peerName(flow.peer), gbit: flow.gbitPerS })),
    alone,
    linkGbit,
  );
}

/** From what each peer sent together and what it sends alone. */
export function incastOf(
  perPeerGbit: Incast['perPeerGbit'],
  aloneGbit: readonly number[],
  linkGbit: number | null,
): Incast {
  const rates = perPeerGbit.map((one) => one.gbit);
  const aggregateGbit = rates.reduce((sum, one) => sum + one, 0);
  const sumAlone = aloneGbit.reduce((sum, one) => sum + one, 0);
  const squares = rates.reduce((sum, one) => sum + one * one, 0);
  return {
    senders: rates.length,
    aggregateGbit,
    idealGbit: linkGbit === null ? sumAlone : Math.min(sumAlone, linkGbit),
    perPeerGbit,
    // R. Jain, D. Chiu, W. Hawe: A Quantitative Measure of Fairness, DEC-TR-301, 1984.
    fairness: squares === 0 ? 1 : aggregateGbit ** 2 / (rates.length * squares),
    oversubscription: aggregateGbit > 0 ? Math.max(1, sumAlone / aggregateGbit) : 1,
  };
}
