import { CsvError, parse } from 'csv-parse/sync';
import { shown, traceError } from '../traces/trace-row.ts';

/** Rows at most: 100 times the largest public pod list; a wrong file must not fill memory. */
const MAX_ROWS = 2_000_000;

/** One row by column name; what the header does not have reads as null. */
export interface CsvRow {
  /** Line of the file where the row begins, from 1. */
  line: number;
  /** Trimmed text of a column; null when the column is missing or the field is empty. */
  text(column: string): string | null;
}

export interface CsvTable {
  columns: readonly string[];
  rows: CsvRow[];
}

/**
 * Reads delimited text with a header. Column names are trimmed and lower-cased. Throws
 * TR_TRACE_INVALID with the line when a row has another number of fields than the header, when a
 * column comes twice, or when there is no row.
 */
export function readCsvRows(text: string, delimiter: ',' | '|' = ','): CsvTable {
  const records = split(text, delimiter);
  const [header, ...body] = records;
  if (header === undefined)
    throw traceError(1, 'header', 'the file is empty', 'give a file with a header line');
  const columns = header.fields.map((name) => name.trim().toLowerCase());
  const index = new Map(columns.map((name, i) => [name, i]));
  if (index.size < columns.length) {
    const twice = columns.find((name, i) => columns.indexOf(name) !== i) ?? '';
    throw traceError(header.line, shown(twice), 'the column comes twice', 'keep one of the two');
  }
  if (body.length === 0)
    throw traceError(header.line, 'rows', 'there are none', 'give a file with rows');
  const rows = body.map(({ line, fields }) => {
    if (fields.length !== columns.length) {
      const problem = `${fields.length} fields where the header has ${columns.length}`;
      throw traceError(line, 'row', problem, 'check the row for a missing or extra separator');
    }
    return { line, text: (column: string) => fieldText(fields[index.get(column) ?? -1]) };
  });
  return { columns, rows };
}

/** `|` when the header has one, as Slurm's parsable output does; else a comma. */
export function delimiterOf(text: string): ',' | '|' {
  const end = text.indexOf('\n');
  return text.slice(0, end === -1 ? text.length : end).includes('|') ? '|' : ',';
}

const fieldText = (field: string | undefined): string | null => {
  const text = field?.trim() ?? '';
  return text === '' ? null : text;
};

interface SplitRecord {
  line: number;
  fields: string[];
}

function split(text: string, delimiter: string): SplitRecord[] {
  const records: SplitRecord[] = [];
  // csv-parse counts the line a record ends on; it begins after the one before it.
  let begun = 1;
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      // sacct does not quote: a job name may hold a lone quote.
      quote: delimiter === ',' ? '"' : null,
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ line: Math.max(begun, lines - linesWithin(fields)), fields });
        begun = lines + 1;
        if (records.length > MAX_ROWS) {
          throw traceError(lines, 'rows', `more than ${MAX_ROWS}`, 'split the file');
        }
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : begun;
    throw traceError(line, 'row', `not valid CSV (${error.code})`, 'check the quotes of the row');
  }
  return records;
}

const linesWithin = (fields: readonly string[]): number =>
  fields.reduce((sum, field) => sum + (field.match(/\n/g)?.length ?? 0), 0);
