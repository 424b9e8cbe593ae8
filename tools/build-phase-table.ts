import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPhaseTable } from '../src/plan/time/phase-table/phase-table.ts';
import { readPerfModel } from '../src/plan/time/phase-table/read-perf-model.ts';

/**
 * `node tools/build-phase-table.ts FOLDER`: folds splitwise-sim's perf_model.csv into the shipped
 * table.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node tools/build-phase-table.ts FOLDER');
const file = join(folder, 'perf_model.csv');
const rows = readPerfModel(readFileSync(file, 'utf8'), file);
if (!rows.ok) throw rows.error;

const shorten = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;
const groups = buildPhaseTable(rows.value);
const about = {
  title: 'Prompt and token times of Llama-2-70B and BLOOM-176B, medians of repeats',
  source:
    'Mutinifni/splitwise-sim @ 8f99e7dc9b40, data/perf_model.csv (Patel et al., "Splitwise", ISCA 2024)',
  licence: 'MIT',
  units: {
    promptMs: 'milliseconds',
    tokenMs: 'milliseconds a token',
    powerShare: 'share of TDP, average',
  },
};
const target = join(import.meta.dirname, '../src/plan/time/phase-table/data/splitwise-sim.json');
const body = groups.map((group) => {
  const { points, ...head } = group;
  const lines = points.map((point) => `      ${JSON.stringify(point, shorten)}`).join(',\n');
  return `    { ${JSON.stringify(head).slice(1, -1)}, "points": [\n${lines}\n    ] }`;
});
const head = JSON.stringify(about, null, 2).slice(0, -2);
writeFileSync(target, `${head},\n  "groups": [\n${body.join(',\n')}\n  ]\n}\n`);
