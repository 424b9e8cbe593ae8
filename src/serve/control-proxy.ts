import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { TailraceError } from '../records/errors.ts';
import { sendError } from './models-endpoint.ts';

/** Hands control API, console and metrics to the control process on loopback, head and body as they are. */
export interface ControlProxy {
  forward(req: IncomingMessage, res: ServerResponse, requestId: string): void;
  /** Null while the control process is down. */
  setPort(port: number | null): void;
}

export function createControlProxy(): ControlProxy {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let port: number | null = null;
  return {
    setPort(next) {
      port = next;
    },
    forward(req, res, requestId) {
      const refuse = (cause?: unknown): void => {
        if (res.headersSent) return void res.destroy();
        const message = 'the ledger process is restarting; serving goes on, retry in a second';
        sendError(res, new TailraceError('TR_CONTROL_DOWN', message, { cause }), requestId, false);
      };
      if (port === null) return refuse();
      const headers = { ...req.headers, 'x-request-id': requestId };
      const upstream = request(
        { host: '127.0.0.1', port, method: req.method, path: req.url, headers, agent },
        (reply) => {
          res.writeHead(reply.statusCode ?? 502, reply.headers);
          // Server-sent events must not wait for a full buffer.
          res.flushHeaders();
          reply.pipe(res);
          reply.on('error', () => res.destroy());
        },
      );
      upstream.on('error', refuse);
      res.on('close', () => upstream.destroy());
      req.pipe(upstream);
    },
  };
}
