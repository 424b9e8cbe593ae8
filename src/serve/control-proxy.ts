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
      let bodyBytes = 0;
      const refuse = (cause?: unknown): void => {
        if (res.headersSent) return void res.destroy();
        sendError(res, refusal(cause, bodyBytes), requestId, false);
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
      req.on('data', (chunk: Buffer) => {
        bodyBytes += chunk.length;
      });
      req.pipe(upstream);
    },
  };
}

/** No body that is taken whole is refused while this little of it has come. */
const smallBodyBytes = 65_536;

/**
 * A connection that is reset in the middle of a large body was closed on purpose: the answer, that the body is too large,
 * is lost when it comes while we still write.
 */
function refusal(cause: unknown, bodyBytes: number): TailraceError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if ((code === 'EPIPE' || code === 'ECONNRESET') && bodyBytes > smallBodyBytes) {
    return new TailraceError('TR_BODY_TOO_LARGE', 'the body exceeds what this path takes', {
      cause,
    });
  }
  const message = 'the ledger process is restarting; serving goes on, retry in a second';
  return new TailraceError('TR_CONTROL_DOWN', message, { cause });
}
