import type { Duplex } from 'node:stream';

/** Longest head of a request, all header fields together. */
export const headBytesMax = 16_384;

const answers: Readonly<Record<string, { status: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: `the head of the request exceeds ${headBytesMax} bytes`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'the head of the request did not arrive within server.headersTimeoutMs',
  },
};

const notHttp = { status: '400 Bad Request', message: 'this is not a valid HTTP/1.1 request' };

/** A head that is not HTTP, or too long, or too slow: there is no exchange yet, so the answer is raw. */
export function answerBadHttp(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { status, message } = answers[error.code ?? ''] ?? notHttp;
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: 'TR_BODY_INVALID' },
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
