import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Whether each worker accepts for itself on a socket of its own (SO_REUSEPORT, socket(7)): the kernel spreads the
 * connections. Elsewhere node:cluster accepts in the supervisor and hands each connection over, which costs both processes.
 */
export const workersAccept = process.platform === 'linux';

export interface ClaimedPort {
  port: number;
  /** To be called once the workers listen. */
  release: () => void;
}

/**
 * Claims the port that workers are to listen on. Sockets of one user that share a port are not refused by the system, so
 * whoever else listens there is noticed by a socket that does not share. For 0 the system picks a port, which is held
 * until it is released; nobody knows it before. Rejects with the system's error, such as EADDRINUSE.
 */
export async function claimPort(host: string, port: number): Promise<ClaimedPort> {
  const shares = port === 0 && workersAccept;
  const holder = createServer().listen({ host, port, exclusive: true, reusePort: shares });
  await once(holder, 'listening');
  holder.unref();
  const claimed = (holder.address() as AddressInfo).port;
  if (shares) return { port: claimed, release: () => void holder.close() };
  holder.close();
  await once(holder, 'close');
  return { port: claimed, release: () => {} };
}
