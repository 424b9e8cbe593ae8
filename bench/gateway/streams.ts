import { openConnection, requestBytes, type Connection, type Endpoint } from './client.ts';
import { requestBody, type StreamAsk } from './wire.ts';

export interface StreamsResult {
  streams: number;
  /** Content frames that arrived. */
  frames: number;
  /** Frames that streams which ended are short of. */
  lost: number;
  /** Streams with a frame out of its place (lost ones included). */
  disordered: number;
  failed: number;
  /** Ascending, milliseconds from the sending of a request to its first content. */
  ttftMs: number[];
}

/**
 * Keeps `count` paced streams open for `seconds`: each connection starts its next stream when one
 * has ended. The first ones begin spread over the length of a stream. Every stream is read to its end.
 */
export async function runStreams(
  endpoint: Endpoint,
  ask: StreamAsk,
  { count, seconds }: { count: number; seconds: number },
): Promise<StreamsResult> {
  const request = requestBytes(endpoint, requestBody(ask));
  const result = {
    streams: 0,
    frames: 0,
    lost: 0,
    disordered: 0,
    failed: 0,
    ttftMs: [] as number[],
  };
  const endMs = performance.now() + seconds * 1000;
  const rampMs = Math.min(ask.frames * ask.paceMs, (seconds * 1000) / 2);
  const connections = await Promise.all(
    Array.from({ length: count }, () => openConnection(endpoint.port)),
  );
  await Promise.all(
    connections.map(async (connection, i) => {
      await new Promise((done) => setTimeout(done, (rampMs * i) / count));
      while (performance.now() < endMs) if (!(await one(connection, request, ask, result))) return;
    }),
  );
  for (const connection of connections) connection.close();
  result.ttftMs.sort((a, b) => a - b);
  return result;
}

/** Streams once and counts; false when the connection is of no more use. */
function one(
  connection: Connection,
  request: Buffer,
  ask: StreamAsk,
  result: StreamsResult,
): Promise<boolean> {
  return new Promise((resolve) => {
    connection.send(request, (exchange) => {
      result.streams += 1;
      result.frames += exchange.frames;
      result.lost += Math.max(0, ask.frames - exchange.frames);
      const isWhole = exchange.inOrder && exchange.frames === ask.frames;
      if (!isWhole) result.disordered += 1;
      if (exchange.failed || exchange.status !== 200) result.failed += 1;
      else if (exchange.firstMs !== null) result.ttftMs.push(exchange.firstMs - exchange.sentMs);
      resolve(!exchange.failed);
    });
  });
}
