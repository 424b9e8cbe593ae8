import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import type { ModelShape } from '../../src/catalog/models.ts';
import { sampledCurve } from '../../src/plan/time/operator-table/sampled-curve.ts';
import type {
  OperatorCurve,
  OperatorTable,
} from '../../src/plan/time/operator-table/operator-table.ts';
import { gemmSurface, type GemmPoint } from './gemm-surface.ts';

/** Axes of the attention grid that is made from the two measured kinds. */
const PREFILL = [0, 16, 64, 256, 512, 1024, 2048, 4096, 8192];
const CONTEXT = [0, 512, 2048, 8192, 32_768];

interface Sources {
  /** `planning/aiconfigurator/data/h100_sxm`. */
  aiconfigurator: string;
  /** `planning/vidur/profiling/compute/h100/meta-llama/Llama-2-7b-hf/mlp.csv`. */
  vidurMlp: string;
}

/**
 * A table of a dense bf16 model on an H100 from AIConfigurator's matrix products and attention (vLLM 0.24), and Vidur's
 * small operators of Llama-2-7B, which has the same hidden size. Throws when the shape is not covered.
 */
export async function fromAiconfigurator(
  sources: Sources,
  model: ModelShape,
): Promise<OperatorTable> {
  if (model.hidden !== 4096)
    throw new Error(`${model.id}: small operators are of hidden size 4096`);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const query = async (sql: string): Promise<Array<Record<string, number>>> => {
    const reader = await connection.runAndReadAll(sql);
    return reader
      .getRowObjectsJson()
      .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, Number(v)])));
  };
  const file = (path: string): string => `'${join(sources.aiconfigurator, path)}'`;
  const shape = `num_heads = ${model.heads} and num_key_value_heads = ${model.kvHeads} and head_dim = ${model.headDim}
    and attn_dtype = 'bfloat16' and kv_cache_dtype = 'bfloat16' and window_size = 0`;
  const gemms = await query(
    `select m, n, k, latency * 1000 as "timeUs" from ${file('gemm/vllm/0.24.0/gemm_perf.parquet')}
     where gemm_dtype = 'bfloat16'`,
  );
  const prompts = await query(
    `select isl as tokens, latency * 1000 as us
     from ${file('attention/vllm/0.24.0/context_attention_perf.parquet')}
     where ${shape} and batch_size = 1 order by 1`,
  );
  const decodes = await query(
    `select batch_size as n, step + 1 as context, latency * 1000 as us
     from ${file('attention/vllm/0.24.0/generation_attention_perf.parquet')} where ${shape}`,
  );
  const small = await query(
    `select num_tokens as rows, "time_stats.emb.mean" * 1000 as emb,
       "time_stats.input_layernorm.mean" * 1000 as norm, "time_stats.attn_rope.mean" * 1000 as rope,
       "time_stats.mlp_act.mean" * 1000 as act
     from (select num_tokens, avg(columns('time_stats.*mean')) from '${sources.vidurMlp}'
       where num_tensor_parallel_workers = 1 group by 1) order by 1`,
  );
  const product = gemmSurface(gemms as unknown as GemmPoint[]);
  const { hidden, heads, kvHeads, headDim, intermediate, vocab } = model;
  const gemm = (name: string, n: number, k: number): OperatorCurve => ({
    name,
    callsPerLayer: 1,
    ...product(n, k),
  });
  const measured = (name: string, column: string, calls: number, scale = 1): OperatorCurve => ({
    name,
    callsPerLayer: calls,
    rows: small.map((row) => row['rows'] ?? 0),
    timesUs: small.map((row) => (row[column] ?? 0) * scale),
  });
  return {
    model: model.id,
    hardware: 'h100-sxm',
    tensorParallel: 1,
    numberFormat: 'bf16',
    engine: 'vLLM 0.24.0',
    source: SOURCE,
    dense: [
      measured('embedding', 'emb', 0),
      measured('layernorm', 'norm', 2),
      gemm('qkv_proj', (heads + 2 * kvHeads) * headDim, hidden),
      measured('rotary_emb', 'rope', 1, (heads + kvHeads) / 64),
      gemm('o_proj', hidden, heads * headDim),
      gemm('gate_up_proj', 2 * intermediate, hidden),
      measured('act_fn', 'act', 1, intermediate / 11_008),
      gemm('down_proj', hidden, intermediate),
      measured('final_layernorm', 'norm', 0),
    ],
    perSequence: [{ ...gemm('lm_head', vocab, hidden), callsPerLayer: 0 }],
    attention: attentionGrid(prompts, decodes),
    moe: null,
    skew: null,
  };
}

const SOURCE: OperatorTable['source'] = {
  repository: 'ai-dynamo/aiconfigurator; microsoft/vidur',
  commit: '095f58a51c4c; 7d47513363ec',
  path: 'systems/data/h100_sxm/{gemm,attention}/vllm/0.24.0; data/profiling/compute/h100/meta-llama/Llama-2-7b-hf/mlp.csv',
  licence: 'Apache-2.0; MIT',
  note:
    'Measured: matrix products and attention kernels (AIConfigurator), embedding, norm, rotary embedding and activation of ' +
    'Llama-2-7B with the same hidden size (Vidur). Derived: products between measured sizes bilinear in n and k, the output ' +
    'head beyond them; rotary embedding and activation scaled by heads and width; a prompt with cached context takes what ' +
    'a prompt of as many query-key pairs takes; prompts and decodes in one step add up. Not in it: the sampler, launches ' +
    'and host work.',
};

function attentionGrid(
  prompts: ReadonlyArray<Record<string, number>>,
  decodes: ReadonlyArray<Record<string, number>>,
): OperatorTable['attention'] {
  const prompt = sampledCurve(
    prompts.map((row) => row['tokens'] ?? 0),
    prompts.map((row) => row['us'] ?? 0),
  );
  const counts = [0, ...new Set(decodes.map((row) => row['n'] ?? 0))].sort((a, b) => a - b);
  const contexts = [...new Set(decodes.map((row) => row['context'] ?? 0))].sort((a, b) => a - b);
  const times = new Map(decodes.map((row) => [`${row['n']} ${row['context']}`, row['us'] ?? null]));
  const timesUs = PREFILL.flatMap((tokens) =>
    CONTEXT.flatMap((context) => {
      const alone = tokens === 0 ? 0 : promptUs(prompt, tokens, context);
      return counts.flatMap((n) =>
        contexts.map((length) => {
          const decode = n === 0 ? 0 : (times.get(`${n} ${length}`) ?? null);
          return decode === null ? null : alone + decode;
        }),
      );
    }),
  );
  return {
    prefillTokens: PREFILL,
    prefillContext: CONTEXT,
    decodes: counts,
    decodeContext: contexts,
    timesUs,
  };
}

/** Pairs of a chunk after context are tokens x context + tokens^2 / 2, of a prompt alone length^2 / 2. */
function promptUs(prompt: (tokens: number) => number, tokens: number, context: number): number {
  const length = Math.sqrt(tokens * tokens + 2 * tokens * context);
  const low = Math.floor(length);
  return prompt(low) + (prompt(low + 1) - prompt(low)) * (length - low);
}
