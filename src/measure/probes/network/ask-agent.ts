import { connect, type Socket } from 'node:net';
import { TailraceError } from '../../../records/errors.ts';
import type { Order } from './protocol.ts';

/** Where an agent listens. */
export interface Peer {
  host: string;
  port: number;
}

export const peerName = ({ host, port }: Peer): string => `${host}:${port}`;

const CONNECT_MS = 5_000;

/** Connects to an agent and gives it its order. TR_PROBE_FAILED names the peer and the fix. */
export function askAgent(peer: Peer, asked: Order): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: peer.host, port: peer.port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error('no answer in 5 s')), CONNECT_MS);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(peerError(peer, error.message));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      socket.write(`${JSON.stringify(asked)}\n`);
      resolve(socket);
    });
  });
}

export function peerError(peer: Peer, reason: string): TailraceError {
  const message =
    `${peerName(peer)}: ${reason}; start an agent there with tailrace probe network --listen, and give ` +
    'the same --token on both sides';
  return new TailraceError('TR_PROBE_FAILED', message, { field: 'to' });
}
