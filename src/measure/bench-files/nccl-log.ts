import { benchError } from './bench-error.ts';
import { collectiveOfProgram, type Collective } from './nccl-collectives.ts';
import { columnsOf, parseRow, rowColumns, type Columns, type NcclRow } from './nccl-row.ts';

/** One run of an nccl-tests program, as its log tells it. Absent parts of the log are null. */
export interface NcclRun {
  collective: Collective | null;
  /** Devices that the log lists. */
  ranks: number | null;
  devices: string[];
  rows: NcclRow[];
  /** As printed at the end, GB/s (1e9 bytes). */
  averageBusGbPerS: number | null;
  outOfBounds: number | null;
}

/** A log is text of a screen, so larger ones are something else. */
export const MAX_NCCL_LOG_CHARS = 64 * 1024 * 1024;

/** `[1,0]<stdout>:` of Open MPI, `0: ` of Slurm and `host-0: ` of mpirun tags. */
const PREFIX =
  /^\s*(?:\[\d+(?:,\d+)?\](?:<std(?:out|err)>)?:|(?:\d{1,6}|[A-Za-z][\w.-]{0,63}):(?=\s|#|$))/;

/**
 * Reads the text of one or several nccl-tests runs: with or without the header of devices, with
 * rank prefixes and NCCL's own lines between. Throws TR_BENCH_INVALID (line, field) when a row
 * does not fit its columns or no row is there. Cost: about 1 us per line.
 */
export function parseNcclLog(text: string, file: string): NcclRun[] {
  if (text.length > MAX_NCCL_LOG_CHARS) {
    throw benchError(file, 'file', 'longer than 64 MiB', 'give the log of the test alone');
  }
  const runs: NcclRun[] = [];
  let run = emptyRun();
  let columns: Columns | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(PREFIX, '').trimEnd();
    const comment = /^\s*#\s*(.*)$/.exec(line)?.[1];
    if (comment !== undefined) {
      if (endsRun(comment, run)) {
        runs.push(run);
        run = emptyRun();
        columns = null;
      }
      readComment(comment, run);
      columns = columnsOf(comment) ?? columns;
    } else if (looksLikeRow(line)) {
      const fields = line.trim().split(/\s+/);
      const layout: Columns | null = columns ?? rowColumns(fields);
      run.rows.push(parseRow(fields, layout, { file, line: index + 1 }));
    }
  }
  if (run.rows.length > 0) runs.push(run);
  if (runs.length > 0) return runs;
  const fix = 'give the output of an nccl-tests program such as all_reduce_perf';
  throw benchError(file, 'file', 'holds no result row', fix);
}

const emptyRun = (): NcclRun => ({
  collective: null,
  ranks: null,
  devices: [],
  rows: [],
  averageBusGbPerS: null,
  outOfBounds: null,
});

/** What can only stand before the rows of a run, after rows: the next run of the same log. */
const endsRun = (comment: string, run: NcclRun): boolean =>
  run.rows.length > 0 &&
  /^(?:nThread\b|nccl-tests version\b|Collective test starting|Using devices|size\s+count\b)/.test(
    comment,
  );

function readComment(comment: string, run: NcclRun): void {
  const program = /^Collective test (?:starting|concluded):\s*(\S+)/.exec(comment)?.[1];
  if (program !== undefined) run.collective ??= collectiveOfProgram(program);
  const device = /^Rank\s+(\d+)\s.*?\bdevice\s+\S+\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(comment);
  if (device !== null) {
    run.ranks = Math.max(run.ranks ?? 0, Number(device[1]) + 1);
    const name = device[2]?.trim() ?? '';
    if (name !== '' && !run.devices.includes(name)) run.devices.push(name);
  }
  const average = /^Avg bus bandwidth\s*:\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/.exec(comment)?.[1];
  if (average !== undefined) run.averageBusGbPerS = Number(average);
  const outOfBounds = /^Out of bounds values\s*:\s*(\d+)/.exec(comment)?.[1];
  if (outOfBounds !== undefined) run.outOfBounds = Number(outOfBounds);
}

/** Size and count, then a data type: nothing else in these logs begins so. */
const looksLikeRow = (line: string): boolean =>
  /^\s*\d+\s+\d+\s+(?:u?int(?:8|32|64)|float|double|half|bfloat16|fp8\w*|f8\w*|char|all)\s/.test(
    line,
  );
