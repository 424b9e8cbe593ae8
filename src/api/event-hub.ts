import type { LedgerReader } from '../measure/ledger/ledger.ts';

/** Browsers open one stream per tab; more than this on one instance is a leak somewhere. */
const MAX_CLIENTS = 64;
/** Frames that may wait for a slow reader; ticks beyond are dropped, since each replaces the last. */
const MAX_WAITING_FRAMES = 8;

export interface EventHub {
  /**
   * A stream of server-sent events: `tick` when the ledger took in records, at most one an interval,
   * and a comment every heartbeat. Null when too many are open. The stream ends when `isCurrent`
   * turns false (the key was revoked), the reader is too slow, or the reader cancels.
   */
  subscribe(isCurrent: () => boolean): ReadableStream<Uint8Array> | null;
  clientCount(): number;
}

export interface EventHubOptions {
  ledger: Pick<LedgerReader, 'health'>;
  /** How often the ledger is looked at while someone listens. */
  intervalMs?: number;
  heartbeatMs?: number;
  maxClients?: number;
}

interface Client {
  controller: ReadableStreamDefaultController<Uint8Array>;
  isCurrent: () => boolean;
}

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(': heartbeat\n\n');
/** `retry`: milliseconds after which a client that lost the stream comes back. */
const HELLO = encoder.encode('retry: 2000\n: connected\n\n');

/** One hub for all clients: the ledger is polled once an interval, and only while someone listens. */
export function createEventHub(options: EventHubOptions): EventHub {
  const { intervalMs = 1_000, heartbeatMs = 15_000, maxClients = MAX_CLIENTS } = options;
  const pollsPerHeartbeat = Math.max(1, Math.round(heartbeatMs / intervalMs));
  const clients = new Set<Client>();
  let timer: NodeJS.Timeout | null = null;
  let isPolling = false;
  let polls = 0;
  let lastTotal: number | null = null;

  const drop = (client: Client): void => {
    if (!clients.delete(client)) return;
    try {
      client.controller.close();
    } catch {
      // The reader cancelled it first.
    }
    if (clients.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
      lastTotal = null;
    }
  };

  const isFull = ({ controller }: Client): boolean => (controller.desiredSize ?? 0) <= 0;

  const beat = (): void => {
    polls += 1;
    const isHeartbeat = polls % pollsPerHeartbeat === 0;
    for (const client of clients) {
      if (!client.isCurrent() || (isHeartbeat && isFull(client))) drop(client);
      else if (isHeartbeat) client.controller.enqueue(HEARTBEAT);
    }
  };

  const poll = async (): Promise<void> => {
    if (isPolling) return;
    isPolling = true;
    try {
      const { recordsTotal, newestRecordMs } = await options.ledger.health();
      const hasNews = lastTotal !== null && recordsTotal !== lastTotal;
      lastTotal = recordsTotal;
      if (!hasNews) return;
      const data = JSON.stringify({ recordsTotal, newestRecordMs });
      const frame = encoder.encode(`event: tick\ndata: ${data}\n\n`);
      for (const client of clients) {
        if (!isFull(client)) client.controller.enqueue(frame);
      }
    } catch {
      // A ledger that cannot be asked has no news; `GET health` says that it is down.
    } finally {
      isPolling = false;
    }
  };

  const start = (): void => {
    if (timer !== null) return;
    timer = setInterval(() => {
      beat();
      void poll();
    }, intervalMs);
    timer.unref();
    void poll();
  };

  return {
    clientCount: () => clients.size,
    subscribe(isCurrent) {
      if (clients.size >= maxClients) return null;
      let client: Client | null = null;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            client = { controller, isCurrent };
            clients.add(client);
            controller.enqueue(HELLO);
            start();
          },
          cancel() {
            if (client !== null) drop(client);
          },
        },
        { highWaterMark: MAX_WAITING_FRAMES },
      );
    },
  };
}
