import type { NcclRun } from './nccl-log.ts';
import type { BusReference } from './nccl-reference.ts';
import { cellsOf, rowBusGbPerS, rowTimeUs, type NcclRow } from './nccl-row.ts';
import { shapeOf, type NcclShape } from './nccl-shape.ts';

/** Below this share of the reference a row is flagged (issue 4, acceptance 4). */
export const FLAG_SHARE = 0.8;

export interface NcclRowReport {
  line: number;
  sizeBytes: number;
  timeUs: number;
  busGbPerS: number;
  /** Algorithm bandwidth (size over time) times the factor; null when the ranks are not known. */
  computedBusGbPerS: number | null;
  /** A message so small that its time hardly depends on its size. */
  latencyBound: boolean;
  referenceGbPerS: number | null;
  shareOfReference: number | null;
  flagged: boolean;
}

export interface NcclReport extends NcclShape {
  devices: readonly string[];
  averageBusGbPerS: number;
  loggedAverageGbPerS: number | null;
  /** How far the two may differ because rows are printed rounded. */
  averageRoundingGbPerS: number;
  averageAgrees: boolean | null;
  peakBusGbPerS: number;
  wrong: number | null;
  reference: string | null;
  rows: NcclRowReport[];
  flaggedRows: number;
}

/** Judges one run: its own average recomputed, its factor, its rows against the reference. */
export function reportNccl(run: NcclRun, reference: BusReference | null): NcclReport {
  const cells = run.rows.flatMap(cellsOf);
  const shape = shapeOf(run);
  const averageBusGbPerS = mean(cells.map((cell) => cell.busGbPerS));
  const logged = run.averageBusGbPerS;
  // The log prints six significant digits of the average (%g).
  const printed =
    logged === null || logged === 0 ? 0 : 5 * 10 ** (Math.floor(Math.log10(logged)) - 6);
  const averageRoundingGbPerS = mean(cells.map((cell) => cell.busRoundingGbPerS)) + printed;
  const rows = run.rows.map((row) => reportRow(row, run, shape.factor, reference));
  const wrongs = cells.flatMap((cell) => cell.wrong ?? []);
  return {
    ...shape,
    devices: run.devices,
    averageBusGbPerS,
    loggedAverageGbPerS: logged,
    averageRoundingGbPerS,
    averageAgrees:
      logged === null ? null : Math.abs(averageBusGbPerS - logged) <= averageRoundingGbPerS + 1e-9,
    peakBusGbPerS: Math.max(...cells.map((cell) => cell.busGbPerS)),
    wrong: wrongs.length === 0 ? null : wrongs.reduce((a, b) => a + b, 0),
    reference: reference?.name ?? null,
    rows,
    flaggedRows: rows.filter((row) => row.flagged).length,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

function reportRow(
  row: NcclRow,
  run: NcclRun,
  factor: number | null,
  reference: BusReference | null,
): NcclRowReport {
  const timeUs = rowTimeUs(row);
  const busGbPerS = rowBusGbPerS(row);
  const referenceGbPerS = reference?.at(row.sizeBytes) ?? null;
  const rounding = Math.max(0, ...cellsOf(row).map((cell) => cell.busRoundingGbPerS));
  // Where the reference itself is printed with two digits at most, a share would be noise.
  const judged = referenceGbPerS !== null && referenceGbPerS > 10 * rounding;
  const share = judged ? busGbPerS / referenceGbPerS : null;
  return {
    line: row.line,
    sizeBytes: row.sizeBytes,
    timeUs,
    busGbPerS,
    computedBusGbPerS: factor === null ? null : computedAlgGbPerS(row) * factor,
    latencyBound: isLatencyBound(row, run),
    referenceGbPerS,
    shareOfReference: share,
    flagged: share !== null && share < FLAG_SHARE,
  };
}

/** Bytes per microsecond are MB/s; a time printed as 0.00 counts as its rounding. */
const computedAlgGbPerS = (row: NcclRow): number =>
  mean(cellsOf(row).map((cell) => row.sizeBytes / Math.max(cell.timeUs, 0.005) / 1e3));

/** Under 1 MiB and within 1.5 times the time of the smallest message of the log. */
function isLatencyBound(row: NcclRow, run: NcclRun): boolean {
  const smallest = run.rows.reduce((a, b) => (b.sizeBytes < a.sizeBytes ? b : a), row);
  return row.sizeBytes < 1_048_576 && rowTimeUs(row) <= 1.5 * rowTimeUs(smallest);
}
