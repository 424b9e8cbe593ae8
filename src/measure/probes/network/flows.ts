import type { Socket } from 'node:net';
import type { Clock } from '../../../records/clock.ts';
import { askAgent, peerError, type Peer } from './ask-agent.ts';
import { CHUNK_BYTES, sinkReply } from './protocol.ts';

export interface FlowOptions {
  token: string;
  durationMs: number;
  clock: Clock;
}

/** What one flow moved. Gbit are 1e9 bits. */
export interface Flow {
  peer: Peer;
  bytes: number;
  gbitPerS: number;
}

/** Sends to the agent for `durationMs`; the agent counts what arrived. */
export async function sendFlow(peer: Peer, options: FlowOptions): Promise<Flow> {
  const { token, durationMs, clock } = options;
  const socket = await askAgent(peer, { op: 'sink', token });
  const chunk = Buffer.alloc(CHUNK_BYTES, 0x5a);
  const endMs = clock.monoMs() + durationMs;
  const push = (): void => {
    while (!socket.destroyed && clock.monoMs() < endMs) {
      if (!socket.write(chunk)) return;
    }
    socket.end();
  };
  socket.on('drain', push);
  push();
  const text = await allText(socket, peer);
  const reply = sinkReply.safeParse(parseLine(text));
  if (!reply.success) throw peerError(peer, 'refused or broke off');
  const { bytes, ms } = reply.data;
  return { peer, bytes, gbitPerS: ms > 0 ? (bytes * 8) / ms / 1e6 : 0 };
}

/** Lets the agent send for `durationMs`; counted here, from the first byte to the last. */
export async function receiveFlow(peer: Peer, options: FlowOptions): Promise<Flow> {
  const { token, durationMs, clock } = options;
  const socket = await askAgent(peer, { op: 'source', token, durationMs });
  let bytes = 0;
  let firstMs: number | null = null;
  let lastMs = 0;
  socket.on('data', (chunk: Buffer) => {
    lastMs = clock.monoMs();
    firstMs ??= lastMs;
    bytes += chunk.length;
  });
  await ended(socket, peer);
  const ms = firstMs === null ? 0 : lastMs - firstMs;
  if (bytes < CHUNK_BYTES) throw peerError(peer, 'refused or broke off');
  return { peer, bytes, gbitPerS: ms > 0 ? (bytes * 8) / ms / 1e6 : 0 };
}

async function allText(socket: Socket, peer: Peer): Promise<string> {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => (text += chunk.slice(0, 1000)));
  await ended(socket, peer);
  return text;
}

const ended = (socket: Socket, peer: Peer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.on('error', (error) => reject(peerError(peer, error.message)));
    socket.on('close', () => resolve());
  });

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const totalGbit = (flows: readonly Flow[]): number =>
  flows.reduce((sum, flow) => sum + flow.gbitPerS, 0);
