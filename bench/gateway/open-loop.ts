import { createRandom } from '../../src/plan/core/random.ts';
import { openConnection, requestBytes, type Connection, type Endpoint } from './client.ts';

export interface OpenLoopResult {
  sent: number;
  failed: number;
  /** From the handing over of each request to its last byte, milliseconds, ascending. */
  latenciesMs: number[];
}

const CONNECTIONS = 128;
const TICK_MS = 1;

/**
 * Poisson arrivals at a rate; they do not wait for replies. Timers here are whole milliseconds, so
 * latency counts from when a request was handed over and not from its due time: what is asked is
 * what a gateway adds, and the same client measures the upstream directly.
 */
export async function openLoop(
  endpoint: Endpoint,
  body: string,
  { ratePerS, seconds }: { ratePerS: number; seconds: number },
): Promise<OpenLoopResult> {
  const random = createRandom(1);
  const request = requestBytes(endpoint, body);
  const connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => openConnection(endpoint.port)),
  );
  const idle = [...connections];
  const waiting: number[] = [];
  const result: OpenLoopResult = { sent: 0, failed: 0, latenciesMs: [] };
  let underWay = 0;
  const send = (connection: Connection, sinceMs: number): void => {
    connection.send(request, (exchange) => {
      underWay -= 1;
      if (exchange.failed || exchange.status !== 200) result.failed += 1;
      else result.latenciesMs.push(exchange.endMs - sinceMs);
      const next = waiting.shift();
      if (next === undefined) idle.push(connection);
      else send(connection, next);
    });
  };
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let dueMs = startMs;
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const nowMs = performance.now();
      for (; dueMs <= Math.min(nowMs, endMs); dueMs += random.exponential(1000 / ratePerS)) {
        result.sent += 1;
        underWay += 1;
        // The one that rested longest: a server closes connections that never send.
        const connection = idle.shift();
        if (connection === undefined) waiting.push(nowMs);
        else send(connection, performance.now());
      }
      if (nowMs >= endMs && (underWay === 0 || nowMs > endMs + GRACE_MS)) {
        clearInterval(timer);
        done();
      }
    }, TICK_MS);
  });
  for (const connection of connections) connection.close();
  result.latenciesMs.sort((a, b) => a - b);
  return result;
}

/** Replies that take longer than this behind the last arrival are left out. */
const GRACE_MS = 5_000;
