const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where whole elements of a JSON array end in a buffer. */
export interface Balance {
  /** Just after the last whole element; -1 when there is none. */
  lastElementEnd: number;
  /** Position of the bracket that closes the array; -1 when it is not in the buffer. */
  arrayEnd: number;
}

/**
 * Walks the bytes of a JSON array from `from`, just inside its opening bracket, and finds where
 * elements end. Strings and escapes are respected; what is between brackets is not checked.
 * O(bytes), one pass: used only where the fast way (a guess that a parse confirms) fails.
 */
export function balance(buffer: Uint8Array, from: number, to: number): Balance {
  let depth = 0;
  let lastElementEnd = -1;
  for (let i = from; i < to; i++) {
    const byte = buffer[i];
    if (byte === QUOTE) {
      i = stringEnd(buffer, i + 1, to);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return { lastElementEnd, arrayEnd: i };
      depth--;
      if (depth === 0) lastElementEnd = i + 1;
    }
  }
  return { lastElementEnd, arrayEnd: -1 };
}

/** Position of the quote that ends a string begun before `i`; `to` when it does not end. */
function stringEnd(buffer: Uint8Array, start: number, to: number): number {
  for (let i = start; i < to; i++) {
    const byte = buffer[i];
    if (byte === BACKSLASH) i++;
    else if (byte === QUOTE) return i;
  }
  return to;
}
