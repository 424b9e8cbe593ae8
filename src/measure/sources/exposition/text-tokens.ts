import { Malformed, noLabels } from './exposition.ts';
import { readFloat } from './go-float.ts';

/** A line within a text: from `at` up to its line feed at `end`. */
export interface Cursor {
  readonly text: string;
  at: number;
  readonly end: number;
}

const SPACE = 32;
const TAB = 9;
const NAME_START = 1;
const NAME_INSIDE = 2;
const COLON = 4;

/** What each ASCII character may be in a name: one look instead of a comparison chain, this is the hot loop. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[a-zA-Z_]/.test(char)) return NAME_START | NAME_INSIDE;
  if (/[0-9]/.test(char)) return NAME_INSIDE;
  return char === ':' ? COLON : 0;
});

export const isBlank = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
};

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text, at)) at += 1;
  return at;
}

/** End of the word that begins at `from`: the next blank, or `end`. */
export function wordEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isBlank(text, at)) at += 1;
  return at;
}

/** Takes a metric or label name, '' where there is none; colons are for metric names. */
export function readName(cursor: Cursor, withColons: boolean): string {
  const { text, at: start } = cursor;
  const extra = withColons ? COLON : 0;
  let at = start;
  let wanted = NAME_START | extra;
  while (((kinds[text.charCodeAt(at)] ?? 0) & wanted) !== 0) {
    at += 1;
    wanted = NAME_START | NAME_INSIDE | extra;
  }
  cursor.at = at;
  return text.slice(start, at);
}

/**
 * Takes `{name="value", ...}`; a comma may stand after the last pair. `bound`: the label that must be a number,
 * and which promtool does not count among the labels that may occur once only.
 */
export function readLabels(
  cursor: Cursor,
  maxLabels: number,
  bound: string | null,
): ReadonlyMap<string, string> {
  const { text } = cursor;
  if (text.charAt(cursor.at) !== '{') return noLabels;
  const labels = new Map<string, string>();
  cursor.at = skipBlanks(text, cursor.at + 1);
  while (text.charAt(cursor.at) !== '}') {
    if (labels.size >= maxLabels) throw new Malformed(`more than ${maxLabels} labels`);
    const name = readName(cursor, false);
    if (name === '') throw new Malformed('no label name');
    if (name === '__name__') throw new Malformed('label __name__ is reserved');
    if (name !== bound && labels.has(name)) throw new Malformed(`label ${name} occurs twice`);
    cursor.at = skipBlanks(text, cursor.at);
    if (text.charAt(cursor.at) !== '=') throw new Malformed(`no "=" after label ${name}`);
    cursor.at = skipBlanks(text, cursor.at + 1);
    const value = readQuoted(cursor, name);
    if (name === bound && readFloat(value) === null) {
      throw new Malformed(`the value of label ${name} is not a number`);
    }
    labels.set(name, value);
    cursor.at = skipBlanks(text, cursor.at);
    const next = text.charAt(cursor.at);
    if (next === ',') cursor.at = skipBlanks(text, cursor.at + 1);
    else if (next !== '}') throw new Malformed(`neither "," nor "}" after label ${name}`);
  }
  cursor.at += 1;
  return labels;
}

function readQuoted(cursor: Cursor, label: string): string {
  const { text, end } = cursor;
  if (text.charAt(cursor.at) !== '"') {
    throw new Malformed(`the value of label ${label} is not quoted`);
  }
  const start = cursor.at + 1;
  const close = text.indexOf('"', start);
  if (close === -1 || close >= end) throw new Malformed(`the value of label ${label} has no end`);
  const plain = text.slice(start, close);
  if (!plain.includes('\\')) {
    cursor.at = close + 1;
    return plain;
  }
  return readEscaped(cursor, start, label);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['"', '"'],
  ['n', '\n'],
]);

function readEscaped(cursor: Cursor, start: number, label: string): string {
  const { text, end } = cursor;
  let value = '';
  for (let at = start; at < end; at += 1) {
    const char = text.charAt(at);
    if (char === '"') {
      cursor.at = at + 1;
      return value;
    }
    if (char !== '\\') {
      value += char;
      continue;
    }
    at += 1;
    const escaped = at < end ? ESCAPES.get(text.charAt(at)) : undefined;
    if (escaped === undefined) throw new Malformed(`unknown escape in label ${label}`);
    value += escaped;
  }
  throw new Malformed(`the value of label ${label} has no end`);
}
