import type { TimedRow } from './trace-row.ts';

/** One file format of request traces. */
export interface TraceFormat {
  id: 'azure-llm' | 'mooncake' | 'plain-csv';
  /** As a person calls it. */
  name: string;
  /** The first line names the columns and is no request. */
  hasHeader: boolean;
  /** Whether a file with this first line is of this format. */
  detect(firstLine: string): boolean;
  /** A parser for the rows of one file. It throws TR_TRACE_INVALID (see trace-row.ts). */
  rowParser(): (line: number, text: string) => TimedRow;
}
