import { join } from 'node:path';
import { readAiconfiguratorComm } from '../time/collectives/read-collectives.ts';
import { fitNameOf } from '../time/fitted/closed-loop-model.ts';
import type { KeyedRun } from '../time/fitted/fit-file.ts';
import { shippedFit } from '../time/fitted/shipped-fit.ts';
import { sweepOf } from '../time/fitted/similarity.ts';
import { collectiveRows } from './collective-rows.ts';
import { predictUnseen } from './closed-loop-folds.ts';
import { closedLoopRows, type Limits } from './closed-loop-rows.ts';
import { readSiliconFolder, type SiliconSample } from './silicon-sample.ts';
import type { SetValidation, ValidationRow } from './validation-row.ts';

/** Folder of the set under the data root. */
export const AICONFIGURATOR_SET = 'aiconfigurator';

const FOLDS = 10;
/** Reported without bounds: half the folds, half the time. */
const FOLDS_OF_OTHERS = 5;
/** The engine and mode whose errors are bounded. */
const BOUNDED = 'vllm';

const SWEEP_LIMITS: Limits = {
  ttftMs: { mape: 20, medianApe: 14 },
  tpotMs: { mape: 10, medianApe: 6.5 },
};
const ACCELERATOR_LIMITS: Limits = { ttftMs: { mape: 30 }, tpotMs: { mape: 20 } };
/** Errors are reported; that intervals hold 90 % is bounded. */
const MODEL_LIMITS: Limits = { ttftMs: {}, tpotMs: {} };

/**
 * Scores closed-loop predictions on `<dir>/silicon_sample.csv`. Knowledge is the shipped runs and the rows in
 * `seen`; rows of neither are scored, each from a fit without its whole sweep (then accelerator, then model). Where
 * every row is known, all are scored in the same way, which is cross-validation by sweep, accelerator and model.
 * Where the folder has tables of exchanges under `data`, half of them are predicted from the other half.
 * Engines other than vLLM, and prefill apart, are reported without bounds. A minute of one core per 1,000 rows.
 */
export async function validateAiconfigurator(
  dir: string,
  seen: ReadonlySet<string>,
): Promise<SetValidation> {
  const sample = readSiliconFolder(dir);
  const shipped = shippedFit().runs;
  const shippedKeys = new Set(shipped.map((run) => run.key));
  const isKnown = (run: KeyedRun) => shippedKeys.has(run.key) || seen.has(run.key);
  const known = shipped.concat(
    sample.rows.filter((run) => seen.has(run.key) && !shippedKeys.has(run.key)),
  );
  const fresh = sample.rows.filter((run) => !isKnown(run));
  const scored = fresh.length === 0 ? sample.rows : fresh;
  const rows = [...Map.groupBy(scored, (run) => labelOf(run))].flatMap(([label, members]) =>
    scoreGroup(label, known, members),
  );
  const unanswered = sample.undescribed.length;
  const exchanges = await readAiconfiguratorComm(join(dir, 'data'));
  rows.push(
    answeredRow(sample.rows.length + unanswered, unanswered),
    ...collectiveRows(AICONFIGURATOR_SET, exchanges),
  );
  return {
    rows,
    notes: notesOf({ sample, known, fresh, scored, dir }),
  };
}

/** Engine and mode in words, for the reader of the table. */
const labelOf = ({ query }: KeyedRun): string =>
  query.prefillLayout === null ? query.engine : `${query.engine} split prefill`;

function scoreGroup(
  label: string,
  known: readonly KeyedRun[],
  scored: readonly KeyedRun[],
): ValidationRow[] {
  const [first] = scored;
  if (first === undefined) return [];
  const name = fitNameOf(first.query);
  const same = known.filter((run) => fitNameOf(run.query) === name);
  // An engine that no run is known of is answered from all runs there are.
  const pool = same.length > 0 ? same : known;
  const score = (way: string, groupOf: (run: KeyedRun) => string, folds: number, limits: Limits) =>
    closedLoopRows(`${label} ${way}`, predictUnseen(pool, scored, groupOf, folds), limits);
  const sweep = (run: KeyedRun) => sweepOf(run.query);
  if (label !== BOUNDED) return score('by sweep', sweep, FOLDS_OF_OTHERS, {});
  return [
    ...score('by sweep', sweep, FOLDS, SWEEP_LIMITS),
    ...score('by accelerator', (run) => run.query.accelerator.id, Infinity, ACCELERATOR_LIMITS),
    ...score('by model', (run) => run.query.model.id, Infinity, MODEL_LIMITS),
  ];
}

function answeredRow(all: number, unanswered: number): ValidationRow {
  return {
    set: AICONFIGURATOR_SET,
    run: 'all rows',
    metric: 'rowsAnswered',
    stat: 'count',
    measured: all,
    predicted: all - unanswered,
    errorPct: all === 0 ? 0 : (unanswered / all) * 100,
    limitPct: 0,
    pass: unanswered === 0,
  };
}

function notesOf(what: {
  sample: SiliconSample;
  known: readonly KeyedRun[];
  fresh: readonly KeyedRun[];
  scored: readonly KeyedRun[];
  dir: string;
}): string[] {
  const { sample, known, fresh, scored } = what;
  const left = sample.rows.length - scored.length;
  const sweeps = new Set(known.map((run) => sweepOf(run.query)));
  const again = scored.filter((run) => sweeps.has(sweepOf(run.query))).length;
  const how =
    fresh.length === 0
      ? `all ${scored.length} rows were seen by the fit: cross-validated, each ` +
        'from a fit without its sweep, accelerator or model'
      : `${scored.length} unseen rows scored from ${known.length} known runs; ` +
        `${left} rows left out because the fit saw them; ${again} scored rows are of sweeps that it ` +
        'saw, which were taken out of the fit for them';
  return [how, ...sample.undescribed.slice(0, 20), ...sample.unmeasured.slice(0, 20)];
}
