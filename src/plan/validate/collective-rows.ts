import { createHash } from 'node:crypto';
import { exchangeTime, fitCollectives } from '../time/collectives/collective-model.ts';
import { curveOf, type MeasuredExchange } from '../time/collectives/exchange.ts';
import { errorRow, type ValidationRow } from './validation-row.ts';

const LIMIT_PCT = 15;

/** Half of the measurements of every curve, by the hash of curve and bytes: even fits, odd is scored. */
const isFitted = (row: MeasuredExchange): boolean => {
  const digest = createHash('sha256')
    .update(`${curveOf(row)} ${row.bytes}`)
    .digest();
  return digest.readUInt8(0) % 2 === 0;
};

/**
 * Fits the collective model to half of measured exchanges and scores the other half: mean and median error over all, and
 * mean error by software, operation, number format and ranks.
 */
export function collectiveRows(
  set: string,
  measured: readonly MeasuredExchange[],
): ValidationRow[] {
  const scored = measured.filter((row) => !isFitted(row));
  if (scored.length === 0) return [];
  const model = fitCollectives(measured.filter(isFitted));
  const errors = new Map(
    scored.map((row) => [row, Math.abs(exchangeTime(model, row).ms / row.ms - 1) * 100]),
  );
  const rowOf = (
    run: string,
    members: readonly MeasuredExchange[],
    stat: string,
    limitPct: number | null,
  ): ValidationRow => {
    const sorted = members.map((row) => errors.get(row) ?? 0).sort((a, b) => a - b);
    const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
    const errorPct = stat === 'mape' ? mean : (sorted[Math.floor(sorted.length / 2)] ?? 0);
    const of = { set, run: `${run} (${sorted.length})`, metric: 'exchangeMs' };
    return errorRow(of, stat, errorPct, limitPct);
  };
  const groups = Map.groupBy(
    scored,
    (row) => `${row.software} ${row.operation} ${row.dtype} ${row.ranks}/${row.ranksPerNode}`,
  );
  return [
    rowOf('exchanges, other half', scored, 'mape', LIMIT_PCT),
    rowOf('exchanges, other half', scored, 'medianApe', null),
    ...[...groups].map(([name, members]) => rowOf(name, members, 'mape', LIMIT_PCT)),
  ];
}
