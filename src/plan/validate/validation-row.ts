/**
 * One line of `tailrace plan validate`: a figure that was measured on real hardware beside what the
 * planner predicts for it.
 */
export interface ValidationRow {
  /** Folder of the data under the data root, e.g. `llmservingsim`. */
  set: string;
  /** Which run, sweep or group of rows of the set. */
  run: string;
  /** e.g. `ttftMs`, `tpotMs`, `e2eMs`, `powerW`: the unit is in the name. */
  metric: string;
  /** e.g. `mean`, `p50`, `p99`, `mape`, `medianApe`, `coverage90Pct`. */
  stat: string;
  /** Null where the row is an error over many figures, whose value is `errorPct`. */
  measured: number | null;
  predicted: number | null;
  errorPct: number;
  /** Null: reported only, never fails. */
  limitPct: number | null;
  pass: boolean;
}

/** A row that is an error over many figures, percent. It fails above its limit. */
export const errorRow = (
  of: Pick<ValidationRow, 'set' | 'run' | 'metric'>,
  stat: string,
  errorPct: number,
  limitPct: number | null,
): ValidationRow => ({
  ...of,
  stat,
  measured: null,
  predicted: null,
  errorPct,
  limitPct,
  pass: limitPct === null || errorPct <= limitPct,
});

/** What one set answers: its rows, and how many rows or runs were left out and why. */
export interface SetValidation {
  rows: ValidationRow[];
  /** e.g. `seen by calibration: 12 rows`. */
  notes: string[];
}
