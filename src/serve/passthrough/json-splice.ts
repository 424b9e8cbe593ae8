/**
 * Edits of a JSON object's text that leave every other byte as the client sent it, so that fields we do not
 * know, number forms and key order survive. The text must already have been accepted by JSON.parse.
 */

/** Span of the value of a top-level key: [start, end) in the text; null when absent. The last wins, as in JSON.parse. */
function valueSpan(text: string, key: string): [number, number] | null {
  let found: [number, number] | null = null;
  let i = skipSpace(text, text.indexOf('{') + 1);
  while (i < text.length && text[i] === '"') {
    const keyEnd = stringEnd(text, i);
    const name: unknown = JSON.parse(text.slice(i, keyEnd));
    i = skipSpace(text, keyEnd);
    const start = skipSpace(text, i + 1);
    const end = valueEnd(text, start);
    if (name === key) found = [start, end];
    i = skipSpace(text, end);
    if (text[i] === ',') i = skipSpace(text, i + 1);
  }
  return found;
}

/** Sets a top-level key to `value`, in place where it exists, else as the first member. */
export function setTopLevel(text: string, key: string, value: unknown): string {
  const json = JSON.stringify(value);
  const span = valueSpan(text, key);
  if (span !== null) return text.slice(0, span[0]) + json + text.slice(span[1]);
  const open = text.indexOf('{') + 1;
  const comma = text[skipSpace(text, open)] === '}' ? '' : ',';
  return `${text.slice(0, open)}${JSON.stringify(key)}:${json}${comma}${text.slice(open)}`;
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i += 1;
  return i;
}

/** Index after the closing quote of the string that starts at `from`. */
function stringEnd(text: string, from: number): number {
  let i = text.indexOf('"', from + 1);
  while (i !== -1) {
    let backslashes = 0;
    while (text[i - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return i + 1;
    i = text.indexOf('"', i + 1);
  }
  return text.length;
}

function valueEnd(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return stringEnd(text, from);
  let i = from;
  let depth = 0;
  while (i < text.length) {
    const c = text[i];
    if (c === '"') {
      i = stringEnd(text, i);
      continue;
    }
    if (c === '{' || c === '[') depth += 1;
    else if (c === '}' || c === ']') {
      if (depth === 0) return i;
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (c === ',' && depth === 0) return i;
    i += 1;
  }
  return i;
}
