/** Colours of the answer screen; without colour each is the identity. */
export interface Paint {
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** SGR codes of ECMA-48 section 8.3.117: 1 bold, 31 red, 32 green, 33 yellow. */
export function createPaint(colour: boolean): Paint {
  const sgr =
    (code: number) =>
    (text: string): string =>
      colour ? `\u001B[${code}m${text}\u001B[0m` : text;
  return { bold: sgr(1), good: sgr(32), bad: sgr(31), warn: sgr(33) };
}

/** Columns a text takes on the screen, without the codes of `createPaint`. */
export function visibleLength(text: string): number {
  let length = 0;
  let inCode = false;
  for (const char of text) {
    if (char === '\u001B') inCode = true;
    else if (!inCode) length += 1;
    else if (char === 'm') inCode = false;
  }
  return length;
}
