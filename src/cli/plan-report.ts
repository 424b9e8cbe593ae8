import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { htmlReport, type ReportSection } from '../plan/report/html-report.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext, Option } from './command.ts';
import { textValue } from './option-values.ts';

export const reportOption: Record<string, Option> = {
  report: {
    type: 'string',
    value: 'FILE.html',
    description: 'also write one HTML page with the plots as SVG',
  },
};

/** Writes the page that `--report` asks for; nothing without it. The sections are made only then. */
export function writeReport(
  { values, cwd, stderr }: CommandContext,
  title: string,
  sections: () => ReportSection[],
): void {
  const file = textValue(values, 'report');
  if (file === undefined) return;
  try {
    writeFileSync(resolve(cwd, file), htmlReport(title, sections()));
  } catch (cause) {
    if (cause instanceof TailraceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailraceError('TR_EXPORT_FAILED', `${file}: cannot be written: ${reason}`, {
      field: 'report',
      cause,
    });
  }
  stderr.write(`wrote ${file}\n`);
}
