import type { Analysis } from '../measure/analyze/analyzer.ts';
import { plain } from './answer-units.ts';
import { textTable } from './text-table.ts';

/** An analysis on a terminal: verdict first, then tables, then what to know about the figures. */
export function renderAnalysis({ verdict, tables, notes }: Analysis): string {
  const parts = [
    `${plainLines(verdict)}\n`,
    ...tables.map(
      ({ title, header, rows }) =>
        `${plain(title)}\n${indent(
          textTable(
            header,
            rows.map((row) => row.map(plain)),
          ),
        )}`,
    ),
    ...(notes.length === 0 ? [] : [`${notes.map((note) => `- ${plain(note)}`).join('\n')}\n`]),
  ];
  return parts.join('\n');
}

const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
