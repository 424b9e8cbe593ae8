const NEWLINE = 0x0a;

/** Longest line of a reply that is held; a token's frame is some 200 bytes. */
const MAX_LINE_BYTES = 1_048_576;

/**
 * Cuts the bytes of an event stream into the payloads of its `data:` lines (WHATWG HTML, 9.2).
 * Chat streams use one data line per event, so that lines need not be joined. Returns false from
 * `push` when a line exceeds the bound.
 */
export function dataLines(onData: (payload: string) => void): { push(chunk: Buffer): boolean } {
  let held: Buffer | null = null;
  const line = (bytes: Buffer): void => {
    const text = bytes.toString('utf8');
    if (!text.startsWith('data:')) return;
    const start = text[5] === ' ' ? 6 : 5;
    onData(text.endsWith('\r') ? text.slice(start, -1) : text.slice(start));
  };
  return {
    push(chunk) {
      let bytes = held === null ? chunk : Buffer.concat([held, chunk]);
      held = null;
      for (;;) {
        const end = bytes.indexOf(NEWLINE);
        if (end === -1) break;
        line(bytes.subarray(0, end));
        bytes = bytes.subarray(end + 1);
      }
      if (bytes.length > MAX_LINE_BYTES) return false;
      if (bytes.length > 0) held = Buffer.from(bytes);
      return true;
    },
  };
}
