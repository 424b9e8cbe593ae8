const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Cuts whole requests out of the bytes of one connection, for a mock that trusts its clients: bodies with
 * content-length or chunked (then the framing stays in the body). Calls back with head and body.
 */
export function requestReader(onRequest: (head: string, body: Buffer) => void): {
  push(chunk: Buffer): void;
} {
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (;;) {
        const headEnd = held.indexOf(HEAD_END);
        if (headEnd === -1) return;
        const head = held.toString('latin1', 0, headEnd);
        const bodyStart = headEnd + 4;
        const end = bodyEnd(head, held, bodyStart);
        if (end === null) return;
        const body = held.subarray(bodyStart, end);
        held = held.subarray(end);
        onRequest(head, body);
      }
    },
  };
}

/** Offset behind the body; null while it is not complete. */
function bodyEnd(head: string, bytes: Buffer, start: number): number | null {
  const length = /\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end <= bytes.length ? end : null;
  }
  if (!/\r\ntransfer-encoding:\s*chunked/i.test(head)) return start;
  const last = bytes.indexOf(LAST_CHUNK, start);
  return last === -1 ? null : last + LAST_CHUNK.length;
}
