/**
 * Makes src/catalog/operator-tables from a folder laid out like the published data:
 *
 *   node tools/convert-operator-tables.ts DATA
 *
 * DATA holds `llmservingsim/profiler` (casys-kaist/LLMServingSim, profiler/perf), `aiconfigurator/data`
 * (ai-dynamo/aiconfigurator, systems/data) and `vidur/profiling` (microsoft/vidur, data/profiling).
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModel } from '../src/catalog/models.ts';
import { formatOperatorTable } from '../src/plan/time/operator-table/operator-table-file.ts';
import type { OperatorTable } from '../src/plan/time/operator-table/operator-table.ts';
import { readLlmServingSimProfile } from '../src/plan/time/operator-table/read-llmservingsim-profile.ts';
import { fromAiconfigurator } from './operator-tables/from-aiconfigurator.ts';

const [data] = process.argv.slice(2);
if (data === undefined) throw new Error('usage: node tools/convert-operator-tables.ts DATA');
const target = join(import.meta.dirname, '..', 'src/catalog/operator-tables');

/** Accelerators of the source by their ids here. */
const HARDWARE: Readonly<Record<string, string>> = {
  RTX4090: 'rtx-4090',
  RTXPRO6000: 'rtx-pro-6000',
};

const profiler = join(data, 'llmservingsim/profiler');
for (const path of readdirSync(profiler, { recursive: true, encoding: 'utf8' }).sort()) {
  const match = /^([^/]+)\/(.+)\/bf16\/tp(\d+)\/attention\.csv$/.exec(path);
  const [, hardware = '', name = '', degree = ''] = match ?? [];
  if (match !== null) write(profile(hardware, name, Number(degree)));
}

const llama = findModel('llama-3.1-8b');
if (llama !== null) {
  const vidurMlp = join(data, 'vidur/profiling/compute/h100/meta-llama/Llama-2-7b-hf/mlp.csv');
  const aiconfigurator = join(data, 'aiconfigurator/data/h100_sxm');
  write(await fromAiconfigurator({ aiconfigurator, vidurMlp }, llama));
}

function profile(hardware: string, name: string, tensorParallel: number): OperatorTable {
  const variant = join(profiler, hardware, name, 'bf16');
  const folder = join(variant, `tp${tensorParallel}`);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const optional = (file: string): string | null =>
    existsSync(join(folder, file)) ? read(file) : null;
  const meta = readFileSync(join(variant, 'meta.yaml'), 'utf8');
  const isSkewed = /^skew_fit:\n {2}enabled: true$/m.test(meta);
  const engine = /^vllm_version: (.+)$/m.exec(meta)?.[1] ?? 'unknown';
  return readLlmServingSimProfile(
    {
      attention: read('attention.csv'),
      dense: read('dense.csv'),
      perSequence: read('per_sequence.csv'),
      moe: optional('moe.csv'),
      skewFit: isSkewed ? optional('skew_fit.csv') : null,
    },
    {
      model: modelId(name),
      hardware: HARDWARE[hardware] ?? hardware.toLowerCase(),
      tensorParallel,
      engine: `vLLM ${engine}`,
      source: {
        repository: 'casys-kaist/LLMServingSim',
        commit: '5daddb21a545',
        path: `profiler/perf/${hardware}/${name}/bf16/tp${tensorParallel}`,
        licence: 'MIT',
        note: 'Measured: kernels of one layer, eager mode. Not in it: launches, host work, collectives.',
      },
    },
  );
}

/** The catalog's id; names that differ by tuning alone share one. */
function modelId(name: string): string {
  const bare = name.replace(/^.*\//, '');
  for (const one of [name, bare, bare.replace(/-Instruct.*$/, '')]) {
    const found = findModel(one);
    if (found !== null) return found.id;
  }
  throw new Error(`the catalog has no model ${name}`);
}

function write(table: OperatorTable): void {
  const name = `${table.hardware}.${table.model}.${table.numberFormat}.tp${table.tensorParallel}.json`;
  const text = formatOperatorTable(table);
  writeFileSync(join(target, name), text);
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB`);
}
