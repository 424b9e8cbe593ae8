import { visibleLength } from './answer-paint.ts';

/** The screen is laid out for 80 to 100 columns; a wider terminal gains nothing, a narrower one wraps. */
export const columnsOf = (columns: number): number => Math.min(100, Math.max(80, columns));

/** Wraps plain text at blanks; `hanging` is added to the indent of every line but the first. */
export function paragraph(
  text: string,
  { width, indent, hanging = 2 }: { width: number; indent: number; hanging?: number },
): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent + hanging);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/**
 * A table under an indent of two, two blanks between columns. The first `textColumns` and those
 * without a heading are words, set left; figures are set right. Where it does not fit, the last
 * of the text columns is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly string[][],
  { width, textColumns = 1 }: { width: number; textColumns?: number },
): string[] {
  const widthAt = (all: ReadonlyArray<readonly string[]>, i: number): number =>
    Math.max(...all.map((row) => visibleLength(row[i] ?? '')));
  const full = [head, ...rows];
  const needed = head.reduce((sum, _, i) => sum + 2 + widthAt(full, i), 0);
  const cutAt = textColumns - 1;
  const room = Math.max(MIN_TEXT, widthAt(full, cutAt) - Math.max(0, needed - width));
  const all = full.map((row) => row.map((cell, i) => (i === cutAt ? cut(cell, room) : cell)));
  const widths = head.map((_, i) => widthAt(all, i));
  return all.map((row) => {
    const cells = row.map((cell, i) => {
      const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - visibleLength(cell)));
      return i < textColumns || head[i] === '' ? cell + gap : gap + cell;
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

const MIN_TEXT = 8;

const cut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 1)}…`;
