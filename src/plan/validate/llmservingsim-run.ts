import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { TailraceError } from '../../records/errors.ts';

const positive = z.number().positive();
const whole = z.int().positive();

/** What is used of the files; other fields are other tools' business. */
const metaSchema = z.object({
  model: z.string(),
  vllm_version: z.string().optional(),
  engine_kwargs: z.object({
    tensor_parallel_size: whole.default(1),
    data_parallel_size: whole.default(1),
    pipeline_parallel_size: whole.optional(),
    enable_expert_parallel: z.boolean().optional(),
    quantization: z.string().nullish(),
    kv_cache_dtype: z.string().nullish(),
    // Defaults of vLLM's server; the context length then is the model's.
    max_num_seqs: whole.default(256),
    max_num_batched_tokens: whole.default(2048),
    max_model_len: whole.optional(),
    gpu_memory_utilization: positive.optional(),
    block_size: whole.optional(),
    enable_prefix_caching: z.boolean().optional(),
    scheduling_policy: z.enum(['fcfs', 'priority']).optional(),
    enforce_eager: z.boolean().optional(),
  }),
  dataset_path: z.string().optional(),
  kv_cache: z
    .object({
      num_gpu_blocks: whole,
      block_size: whole,
      enable_prefix_caching: z.boolean().optional(),
    })
    .optional(),
  resolved_config: z
    .object({
      compilation_config: z
        .object({ cudagraph_capture_sizes: z.array(whole).optional() })
        .optional(),
      scheduler_config: z
        .object({
          async_scheduling: z.boolean().optional(),
          enable_chunked_prefill: z.boolean().optional(),
          policy: z.enum(['fcfs', 'priority']).optional(),
          scheduler_reserve_full_isl: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
});

const configSchema = z.object({
  /** GiB/s and ns, for every dimension or one for each. */
  link_bw: z.union([positive, z.array(positive).min(1)]).optional(),
  link_latency: z.union([z.number().nonnegative(), z.array(z.number().nonnegative())]).optional(),
  nodes: z
    .array(
      z.object({
        instances: z
          .array(
            z.object({
              model_name: z.string(),
              hardware: z.string(),
              npu_mem: z.object({ mem_size: positive, mem_util: positive.nullish() }).nullish(),
              tp_size: whole.nullish(),
              pp_size: whole.nullish(),
              ep_size: whole.nullish(),
              num_npus: whole.nullish(),
              dp_group: z.union([z.string(), z.number()]).nullish(),
              /** Which half of a disaggregated engine it is. */
              pd_type: z.enum(['prefill', 'decode']).nullish(),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

const requestSchema = z.object({
  request_id: z.string(),
  input_toks: whole,
  output_toks: whole,
  queued_ts: z.number().nonnegative(),
  first_token_ts: z.number().nonnegative(),
  last_token_ts: z.number().nonnegative(),
});

const isUnfinished = (row: unknown): boolean =>
  z.object({ output_toks: z.literal(0) }).safeParse(row).success ||
  z.object({ queued_ts: z.null() }).safeParse(row).success ||
  z.object({ first_token_ts: z.null() }).safeParse(row).success ||
  z.object({ last_token_ts: z.null() }).safeParse(row).success;

/** A request that failed has no reply or no times: null, to be left out and counted. */
const finishedOrNull = z.preprocess(
  (row) => (isUnfinished(row) ? null : row),
  requestSchema.nullable(),
);

const workloadSchema = z.object({
  input_toks: whole,
  hash_ids_block16: z.array(z.int().nonnegative()),
});

export type BenchMeta = z.infer<typeof metaSchema>;
export type BenchInstance = z.infer<typeof configSchema>['nodes'][number]['instances'][number];
export type BenchRequest = z.infer<typeof requestSchema> & {
  /** Ids of the prompt's 16-token blocks; null where the workload is not at hand. */
  blockIds: readonly number[] | null;
};

/** One real run of an engine, as LLMServingSim lays it out. */
export interface BenchRun {
  /** Path of the run under `bench`, with `/`. */
  name: string;
  meta: BenchMeta;
  instances: BenchInstance[];
  /** Link between accelerators; null where the configuration names none. */
  link: { bytesPerS: number; latencyS: number } | null;
  /** In the order in which the engine queued them. */
  requests: BenchRequest[];
  /** Requests without times or reply, which are not in `requests`. */
  leftOut: number;
  /** Text of LLMServingSim's own validation of this run; null when absent. */
  summary: string | null;
}

/** Folders under `<dir>/bench` that hold a run (`vllm/requests.jsonl`), in order of name. */
export function benchFolders(dir: string): string[] {
  const bench = join(dir, 'bench');
  if (!existsSync(bench)) {
    throw invalid(bench, 'no such folder', 'lay the data out as llmservingsim/{bench,profiler}');
  }
  return readdirSync(bench, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'requests.jsonl' && basename(dirname(path)) === 'vllm')
    .map((path) => join(bench, dirname(dirname(path))))
    .sort();
}

/** Path of a run's folder under `<dir>/bench`, with `/`. */
export const benchName = (dir: string, folder: string): string =>
  relative(join(dir, 'bench'), folder).split(sep).join('/');

/** Reads one run. Throws TR_TRACE_INVALID that names file, line and field. */
export function readBenchRun(dir: string, folder: string): BenchRun {
  const meta = readJson(metaSchema, join(folder, 'vllm', 'meta.json'));
  const configFile = join(folder, 'config.json');
  const config = existsSync(configFile)
    ? readJson(configSchema, configFile)
    : configOf(meta, benchName(dir, folder));
  const summaryFile = join(folder, 'validation', 'summary.txt');
  const blocks = readWorkload(dir, meta.dataset_path);
  const { rows, leftOut } = readRequests(join(folder, 'vllm', 'requests.jsonl'));
  const bandwidth = first(config.link_bw);
  return {
    name: benchName(dir, folder),
    meta,
    instances: config.nodes.flatMap((node) => node.instances),
    leftOut,
    link:
      bandwidth === undefined
        ? null
        : { bytesPerS: bandwidth * 2 ** 30, latencyS: (first(config.link_latency) ?? 0) * 1e-9 },
    requests: rows
      .map((one) => Object.assign(one, { blockIds: blocksOf(one, blocks) }))
      .sort((a, b) => a.queued_ts - b.queued_ts),
    summary: existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : null,
  };
}

/**
 * Where the simulator's configuration is absent the engine's own arguments say the layout, and the folder
 * `<hardware>/...` the accelerator; link and memory then are not known here.
 */
function configOf(meta: BenchMeta, name: string): z.infer<typeof configSchema> {
  const kwargs = meta.engine_kwargs;
  const [hardware = ''] = name.split('/');
  const ranks = kwargs.data_parallel_size;
  const tensor = kwargs.tensor_parallel_size;
  const instance: BenchInstance = {
    model_name: meta.model,
    hardware,
    tp_size: tensor,
    pp_size: kwargs.pipeline_parallel_size ?? 1,
    dp_group: ranks > 1 ? 'ranks' : null,
    ...(kwargs.enable_expert_parallel === true ? { ep_size: ranks * tensor } : {}),
  };
  return { nodes: [{ instances: Array.from({ length: ranks }, () => instance) }] };
}

const first = (value: number | readonly number[] | undefined): number | undefined =>
  typeof value === 'object' ? value[0] : value;

function readWorkload(dir: string, path: string | undefined) {
  if (path === undefined) return null;
  const name = basename(path).replace(/\.jsonl$/, '.lengths.jsonl');
  const file = join(dir, 'workloads', name);
  return existsSync(file) ? readLines(workloadSchema, file) : null;
}

/** Request `bench-7` is row 7 of the workload; its length must agree. */
function blocksOf(
  request: z.infer<typeof requestSchema>,
  workload: ReadonlyArray<z.infer<typeof workloadSchema>> | null,
): readonly number[] | null {
  const row = workload?.[Number(/\d+$/.exec(request.request_id)?.[0] ?? -1)];
  return row !== undefined && row.input_toks === request.input_toks ? row.hash_ids_block16 : null;
}

function readJson<T>(schema: z.ZodType<T>, file: string): T {
  return parseWith(schema, textOf(file), file);
}

function readRequests(file: string) {
  const all = readLines(finishedOrNull, file);
  const rows = all.filter((row) => row !== null);
  if (rows.length === 0) throw invalid(file, 'no request was answered', 'give a run with replies');
  return { rows, leftOut: all.length - rows.length };
}

function readLines<T>(schema: z.ZodType<T>, file: string): T[] {
  const lines = textOf(file).split(/\r?\n/);
  const rows = lines.flatMap((line, i) =>
    line.trim() === '' ? [] : [parseWith(schema, line, `${file}: line ${i + 1}`)],
  );
  if (rows.length === 0) throw invalid(file, 'holds no row', 'give one JSON object a line');
  return rows;
}

function parseWith<T>(schema: z.ZodType<T>, text: string, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(place, 'not valid JSON', 'write one JSON object');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw invalid(place, `${field}: ${issue?.message ?? 'not valid'}`, 'correct the field');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw invalid(file, 'cannot be read', 'lay the data out as llmservingsim/{bench,profiler}');
  }
}

const invalid = (place: string, problem: string, fix: string): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `${place}: ${problem}; ${fix}`, { field: place });
