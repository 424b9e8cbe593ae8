import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { TailraceError } from '../records/errors.ts';
import { errorBody } from './error-response.ts';

export interface ControlServer {
  /** e.g. `http://127.0.0.1:40123`. */
  url: string;
  port: number;
  /** Stops listening and ends every connection, event streams too. */
  close(): Promise<void>;
}

/** Limits of one control server: it serves people and their tools, not the request path. */
const LIMITS = {
  headersTimeout: 10_000,
  // A profiler trace of a gigabyte over a slow link takes minutes.
  requestTimeout: 900_000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 16_384,
} as const;
const MAX_CONNECTIONS = 1_024;

/** Reply to a request that never became one (a malformed target or Host header). */
function malformed(): Response {
  const error = new TailraceError('TR_HOST_REFUSED', 'the Host header or target is malformed', {
    field: 'host',
  });
  return Response.json(errorBody(error, ''), { status: error.status });
}

/** Serves the app; port 0 picks a free one. Rejects when the address is in use. */
export async function startControlServer(options: {
  app: { fetch: (request: Request) => Response | Promise<Response> };
  host?: string;
  port?: number;
}): Promise<ControlServer> {
  const { app, host = '127.0.0.1', port = 0 } = options;
  const listener = getRequestListener((request) => app.fetch(request), {
    errorHandler: malformed,
    overrideGlobalObjects: false,
  });
  const server = createServer(LIMITS, (incoming, outgoing) => void listener(incoming, outgoing));
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
