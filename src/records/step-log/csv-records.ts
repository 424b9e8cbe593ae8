import { CsvError, parse } from 'csv-parse/sync';

/** One record of a CSV file, with the line it ends on (from 1). */
export interface CsvRecord {
  line: number;
  fields: string[];
}

/** Where and why text is no CSV. */
export interface CsvFault {
  line: number;
  problem: string;
}

/** Splits CSV text (RFC 4180) into records of any number of fields; empty lines are skipped. */
export function csvRecords(
  text: string,
): { ok: true; records: CsvRecord[] } | { ok: false; fault: CsvFault } {
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ line: lines, fields });
        return null;
      },
    });
    return { ok: true, records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return { ok: false, fault: { line, problem: error.message.slice(0, 120) } };
  }
}

/** Fields of a header line, trimmed; none when it is no CSV. */
export function csvHeader(line: string): string[] {
  const split = csvRecords(line);
  return split.ok ? (split.records[0]?.fields.map((name) => name.trim()) ?? []) : [];
}
