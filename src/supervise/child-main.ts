import cluster from 'node:cluster';
import type { News, Order } from './messages.ts';

/** The child's end of the channel to the supervisor. */
export interface Supervision {
  tell(news: News): void;
  onOrder(listener: (order: Order) => void): void;
}

/**
 * Joins the supervisor. Signals are the supervisor's business (a terminal's ^C reaches the whole group), and
 * a child whose supervisor is gone stops by itself, since nobody would restart or stop it.
 */
export function joinSupervisor(onOrphaned: () => void): Supervision {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  // Else node:cluster ends a worker at once when the supervisor dies, with what it has in flight.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  process.on('disconnect', onOrphaned);
  return {
    tell(news) {
      if (process.connected) process.send?.(news, undefined, undefined, () => {});
    },
    onOrder(listener) {
      process.on('message', (order: Order) => {
        if (typeof order === 'object' && order !== null && 'type' in order) listener(order);
      });
    },
  };
}

/** Lines to standard error, gathered so that a burst of log lines costs few writes. */
export function bufferedWriter(): (line: string) => void {
  let pending = '';
  const flush = (): void => {
    const text = pending;
    pending = '';
    if (text !== '') process.stderr.write(text);
  };
  process.on('exit', flush);
  return (line) => {
    if (pending === '') setTimeout(flush, 50).unref();
    pending += line;
    if (pending.length > 65_536) flush();
  };
}
