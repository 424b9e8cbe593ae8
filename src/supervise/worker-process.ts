import cluster from 'node:cluster';
import { join } from 'node:path';
import { createWorkerMetrics } from '../api/worker-metrics.ts';
import { createMeter } from '../measure/cost/meter.ts';
import { openJournal } from '../measure/journal/writer.ts';
import { systemClock } from '../records/clock.ts';
import { countTokens } from '../records/token-count.ts';
import { createHttp1Transport } from '../serve/engines/http1/transport.ts';
import { createGateway, type Gateway } from '../serve/gateway.ts';
import { createLog } from '../serve/log.ts';
import { bufferedWriter, joinSupervisor } from './child-main.ts';
import { configKeys } from './config-keys.ts';
import { workersAccept } from './listen-port.ts';
import type { Order, Snapshot } from './messages.ts';

/** One gateway worker: request path and journal, nothing else. */
export function runWorker(slot: string): void {
  let running: Running | null = null;
  const supervision = joinSupervisor(() => void stop());
  const stop = async (): Promise<void> => {
    await running?.stop();
    process.exit(0);
  };
  supervision.onOrder((order: Order) => {
    if (order.type === 'stop') void stop();
    else if (order.type === 'report' && running !== null) {
      supervision.tell({ type: 'report', ask: order.ask, metrics: running.metrics() });
    } else if (order.type === 'snapshot') {
      if (running !== null) return running.update(order.snapshot);
      running = start(slot, order.snapshot, {
        onReady: () => supervision.tell({ type: 'ready', port: null, keys: null, firstKey: null }),
        onFailed: (code, message) => supervision.tell({ type: 'failed', code, message }),
      });
    }
  });
  supervision.tell({ type: 'hello' });
}

interface Running {
  update(snapshot: Snapshot): void;
  metrics(): ReturnType<ReturnType<typeof createWorkerMetrics>['snapshot']>;
  stop(): Promise<void>;
}

function start(
  slot: string,
  first: Snapshot,
  on: { onReady: () => void; onFailed: (code: string, message: string) => void },
): Running {
  const { config, stateDir } = first;
  const clock = systemClock;
  const log = createLog({ level: config.logLevel, process: slot, clock, write: bufferedWriter() });
  const journal = openJournal({
    dir: join(stateDir, 'journal'),
    worker: slot,
    config: config.journal,
    clock,
  });
  const metrics = createWorkerMetrics(() => {
    const gauges = gateway.gauges();
    const stats = journal.stats();
    return {
      inFlight: gauges.inFlight,
      queueDepth: gauges.waiting,
      journalLost: stats.lost,
      journalPendingBytes: stats.pendingBytes,
    };
  });
  const gateway: Gateway = createGateway(gatewaySnapshot(first), {
    clock,
    random: Math.random,
    sink: journal,
    createMeter,
    createTransport: createHttp1Transport,
    countTokens,
    onSettled: (record) => metrics.requestSettled(record),
    log,
  });
  let drainTimeoutMs = config.server.drainTimeoutMs;
  const { server } = gateway;
  server.on('error', (error: NodeJS.ErrnoException) =>
    on.onFailed(error.code ?? 'ERROR', error.message),
  );
  const { host, port } = config.server;
  server.listen({ host, port, exclusive: workersAccept, reusePort: workersAccept }, on.onReady);
  return {
    update(snapshot) {
      drainTimeoutMs = snapshot.config.server.drainTimeoutMs;
      gateway.update(gatewaySnapshot(snapshot));
    },
    metrics: () => metrics.snapshot(),
    async stop() {
      await gateway.drain(drainTimeoutMs);
      await journal.close();
      if (process.connected) cluster.worker?.disconnect();
    },
  };
}

const gatewaySnapshot = (snapshot: Snapshot): Parameters<Gateway['update']>[0] => ({
  config: snapshot.config,
  keys: [...configKeys(snapshot.config), ...snapshot.keys],
  controlPort: snapshot.controlPort,
});
