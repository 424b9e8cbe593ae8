import { startSelfContained } from '../self-contained-worker.ts';
import { peerError, type Peer } from './ask-agent.ts';
import type { Order } from './protocol.ts';
import { roundTripWorker, type RoundTripJob, type RoundTripReply } from './round-trip-worker.ts';

export interface RoundTripOptions {
  token: string;
  messageBytes: number;
  count: number;
  durationMs: number;
}

/**
 * Milliseconds of up to `count` round trips in `durationMs`, one after the other; the first 5 %
 * (connection, compilation) are left out. TR_PROBE_FAILED names the peer and the fix.
 */
export async function roundTrips(peer: Peer, options: RoundTripOptions): Promise<number[]> {
  const { token, messageBytes, count, durationMs } = options;
  const asked: Order = { op: 'echo', token, messageBytes };
  const worker = startSelfContained<RoundTripJob, RoundTripReply, null>(roundTripWorker, null);
  try {
    const order = `${JSON.stringify(asked)}\n`;
    const reply = await worker.ask({ ...peer, order, messageBytes, count, durationMs });
    if (reply.error !== null) throw peerError(peer, reply.error);
    return reply.takenMs.slice(Math.ceil(reply.takenMs.length * 0.05));
  } finally {
    await worker.close();
  }
}
