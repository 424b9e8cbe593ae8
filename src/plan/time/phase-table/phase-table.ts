import type { PerfRow } from './read-perf-model.ts';

/** What was run: prompts of `promptTokens`, `batch` at once, `outputTokens` of reply each. */
export interface PhaseConfig {
  promptTokens: number;
  batch: number;
  outputTokens: number;
}

/** One configuration, its repeats folded into medians. */
export interface PhasePoint extends PhaseConfig {
  promptMs: number;
  tokenMs: number;
  /** Share of TDP; null where no repeat measured it. */
  powerShare: number | null;
  repeats: number;
}

/** A model on an accelerator at one degree of tensor parallelism, with what was measured on it. */
export interface PhaseGroup {
  model: string;
  hardware: string;
  tensorParallel: number;
  points: readonly PhasePoint[];
}

/**
 * Measured prompt and token times by group and configuration. The published grid is three sweeps
 * that cross in one configuration (prompt, batch and reply length, each with the other two held),
 * not a full cube.
 */
export type PhaseTable = readonly PhaseGroup[];

/**
 * Groups repeats of one configuration: medians, because a few first repeats are up to 45 % slow.
 */
export function buildPhaseTable(rows: readonly PerfRow[]): PhaseTable {
  const groups = new Map<string, Map<string, PerfRow[]>>();
  for (const row of rows) {
    const configs = groups.get(groupKey(row)) ?? new Map<string, PerfRow[]>();
    groups.set(groupKey(row), configs);
    const repeats = configs.get(configKey(row)) ?? [];
    configs.set(configKey(row), repeats);
    repeats.push(row);
  }
  return [...groups.values()].flatMap((configs) => {
    const points = [...configs.values()].flatMap(foldRepeats);
    const first = [...configs.values()][0]?.[0];
    if (first === undefined) return [];
    const { model, hardware, tensorParallel } = first;
    return [{ model, hardware, tensorParallel, points }];
  });
}

export const groupKey = (group: {
  model: string;
  hardware: string;
  tensorParallel: number;
}): string => `${group.model}/${group.hardware}/tp${group.tensorParallel}`;

export const configKey = ({ promptTokens, batch, outputTokens }: PhaseConfig): string =>
  `${promptTokens}x${batch}x${outputTokens}`;

/**
 * Names one configuration of one group, for lists of what was seen: `splitwise-sim/llama2-70b/...`.
 */
export const phaseRowKey = (group: Omit<PhaseGroup, 'points'>, config: PhaseConfig): string =>
  `splitwise-sim/${groupKey(group)}/${configKey(config)}`;

/** `over` wins where both tables have a configuration. */
export function mergePhaseTables(under: PhaseTable, over: PhaseTable): PhaseTable {
  const merged = new Map<string, PhaseGroup>(under.map((group) => [groupKey(group), group]));
  for (const group of over) {
    const known = merged.get(groupKey(group))?.points ?? [];
    const own = new Set(group.points.map(configKey));
    const points = [...known.filter((point) => !own.has(configKey(point))), ...group.points];
    merged.set(groupKey(group), { ...group, points });
  }
  return [...merged.values()];
}

/** The table without what `drop` names; groups that lose every point go too. */
export function withoutPoints(
  table: PhaseTable,
  drop: (group: PhaseGroup, point: PhasePoint) => boolean,
): PhaseTable {
  return table
    .map((group) => ({ ...group, points: group.points.filter((point) => !drop(group, point)) }))
    .filter((group) => group.points.length > 0);
}

function foldRepeats(repeats: readonly PerfRow[]): PhasePoint[] {
  const [first] = repeats;
  if (first === undefined) return [];
  const { promptTokens, batch, outputTokens } = first;
  const powers = repeats.flatMap((row) => row.averagePowerShare ?? []);
  return [
    {
      promptTokens,
      batch,
      outputTokens,
      promptMs: median(repeats.map((row) => row.promptMs)),
      tokenMs: median(repeats.map((row) => row.tokenMs)),
      powerShare: powers.length === 0 ? null : median(powers),
      repeats: repeats.length,
    },
  ];
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
