import { findModel, type ModelShape } from '../../catalog/models.ts';
import { TailraceError } from '../../records/errors.ts';
import type { EngineSettings } from '../engine/create-engine.ts';
import type { ReplicaSpec } from '../serving/simulate-serving.ts';
import { footprintOf, KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { expertTime } from '../time/operator-table/expert-time.ts';
import { defaultGraphSizes } from '../time/operator-table/graph-sizes.ts';
import { ringMs, type Link } from '../time/operator-table/ring-time.ts';
import { tableStepTime } from '../time/operator-table/table-step-time.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { readProfile } from './llmservingsim-profile.ts';
import type { BenchInstance, BenchRun } from './llmservingsim-run.ts';

const ACTIVATION_BYTES = 2;

/**
 * The replicas of a run: instances that share a `dp_group` and experts run in lockstep and are one
 * replica of several ranks; others stand alone. Throws TR_TRACE_INVALID for what is not modelled.
 */
export function benchFleet(dir: string, run: BenchRun): ReplicaSpec[] {
  const groups = new Map<string, BenchInstance[]>();
  for (const [i, instance] of run.instances.entries()) {
    const name = instance.dp_group ?? `alone ${i}`;
    groups.set(name, [...(groups.get(name) ?? []), instance]);
  }
  return [...groups.values()].flatMap((group) => {
    const model = modelOf(run, group);
    // Dense models share nothing across data-parallel ranks.
    if (model.experts === null) return group.map((one) => replicaOf(dir, run, [one], model));
    return [replicaOf(dir, run, group, model)];
  });
}

function replicaOf(
  dir: string,
  run: BenchRun,
  group: readonly BenchInstance[],
  model: ModelShape,
): ReplicaSpec {
  const [instance] = group;
  if (instance === undefined) throw invalid(run, 'nodes.instances', 'empty group');
  if ((instance.pp_size ?? 1) > 1) {
    throw invalid(run, 'pp_size', 'pipeline parallel runs are not modelled from tables');
  }
  const tensorParallel = instance.tp_size ?? instance.num_npus ?? 1;
  const ranks = group.length;
  return {
    engine: engineOf(run, instance, model, { tensorParallel, ranks }),
    time: timeOf(dir, run, instance, model, { tensorParallel, ranks }),
    power: null,
    accelerators: tensorParallel * ranks,
  };
}

interface Layout {
  tensorParallel: number;
  /** Data-parallel ranks in lockstep. */
  ranks: number;
}

function engineOf(
  run: BenchRun,
  instance: BenchInstance,
  model: ModelShape,
  layout: Layout,
): EngineSettings {
  const { engine_kwargs: kwargs, kv_cache: cache, resolved_config: resolved } = run.meta;
  const scheduler = resolved?.scheduler_config;
  const blockTokens = cache?.block_size ?? kwargs.block_size ?? KV_BLOCK_TOKENS;
  const blocks = cache?.num_gpu_blocks ?? blocksThatFit(run, instance, model, layout, blockTokens);
  return {
    kind: 'vllm',
    ranks: layout.ranks,
    maxSequences: kwargs.max_num_seqs,
    maxBatchedTokens: kwargs.max_num_batched_tokens,
    // vLLM V1 keeps block 0 as the null block, which never holds anything.
    kvBlocks: blocks - 1,
    maxContext: kwargs.max_model_len ?? model.maxContext,
    policy: {
      blockTokens,
      prefixCaching: cache?.enable_prefix_caching ?? kwargs.enable_prefix_caching ?? true,
      asyncScheduling: scheduler?.async_scheduling ?? true,
      order: scheduler?.policy ?? kwargs.scheduling_policy ?? 'fcfs',
      admission: (scheduler?.scheduler_reserve_full_isl ?? true) ? 'sequence' : 'chunk',
      chunkedPrefill: scheduler?.enable_chunked_prefill ?? true,
    },
  };
}

/** vLLM's default share of the memory for weights and KV. */
const DEFAULT_MEMORY_SHARE = 0.9;

/** Blocks from memory, share and weights where the engine's log does not say. */
function blocksThatFit(
  run: BenchRun,
  { npu_mem: memory }: BenchInstance,
  model: ModelShape,
  { tensorParallel, ranks }: Layout,
  blockTokens: number,
): number {
  const size = footprintOf(model, 'bf16');
  const share =
    memory.mem_util ?? run.meta.engine_kwargs.gpu_memory_utilization ?? DEFAULT_MEMORY_SHARE;
  const usable = memory.mem_size * 2 ** 30 * share;
  const weights = size.weightBytes - expertBytes(model) * (1 - 1 / ranks);
  const copies = Math.max(1, tensorParallel / model.kvHeads);
  const blockBytes = (size.kvBytesPerToken * blockTokens * copies) / tensorParallel;
  const blocks = Math.floor((usable - weights / tensorParallel) / blockBytes);
  if (blocks > 1) return blocks;
  throw invalid(run, 'npu_mem.mem_size', `the weights of ${model.name} leave no room for KV`);
}

const expertBytes = ({ experts, hidden, layers }: ModelShape): number =>
  experts === null
    ? 0
    : layers * experts.count * 3 * hidden * experts.intermediate * ACTIVATION_BYTES;

function timeOf(
  dir: string,
  run: BenchRun,
  instance: BenchInstance,
  model: ModelShape,
  layout: Layout,
): StepTimeModel {
  const { tensorParallel, ranks } = layout;
  const { hardware, model_name: name } = instance;
  const { table, skewDefault } = readProfile(dir, { hardware, model: name, tensorParallel });
  const { experts } = model;
  if (experts !== null && table.moe === null) {
    throw invalid(run, 'model_name', `the profile of ${name} has no moe.csv`);
  }
  const share = instance.ep_size ?? (ranks > 1 ? ranks * tensorParallel : tensorParallel);
  return tableStepTime(table, {
    layers: model.layers,
    graphSizes: graphSizes(run),
    collectiveMs: collectives(run, model, layout),
    stepOverheadMs: 0,
    expertsUs:
      experts === null || table.moe === null ? null : expertTime(table.moe, experts, share),
    skewDefault,
  });
}

/**
 * Per layer two all-reduces of the hidden state with tensor parallelism (Megatron-LM, arXiv 1909.08053), one of the
 * embedding per step, and an all-gather of the logits; with experts over data-parallel ranks an all-gather of hidden state and router logits
 * before and a reduce-scatter after the experts (vLLM's default all2all backend, `allgather_reducescatter`).
 */
function collectives(
  run: BenchRun,
  model: ModelShape,
  { tensorParallel, ranks }: Layout,
): (tokens: number, sampled: number) => number {
  if (tensorParallel === 1 && ranks === 1) return () => 0;
  if (run.link === null) throw invalid(run, 'link_bw', 'several accelerators need a link');
  const link: Link = run.link;
  const tp = ringMs(link, tensorParallel);
  const dp = ringMs(link, ranks);
  const hiddenBytes = model.hidden * ACTIVATION_BYTES;
  const routerBytes = (model.experts?.count ?? 0) * ACTIVATION_BYTES;
  const reduces = (model.experts === null || ranks === 1 ? 2 : 1) * model.layers + 1;
  const logitBytes = (model.vocab / tensorParallel) * ACTIVATION_BYTES;
  return (tokens, sampled) => {
    const tpMs =
      tensorParallel === 1
        ? 0
        : reduces * tp.allReduce(tokens * hiddenBytes) + tp.allGather(sampled * logitBytes);
    if (ranks === 1) return tpMs;
    const gatherMs = dp.allGather(tokens * (hiddenBytes + routerBytes));
    return tpMs + model.layers * (gatherMs + dp.reduceScatter(tokens * hiddenBytes));
  };
}

/** Sizes of the run's CUDA graphs, the default ones where they are not recorded. */
function graphSizes(run: BenchRun): number[] {
  const { engine_kwargs: kwargs, resolved_config: resolved } = run.meta;
  if (kwargs.enforce_eager === true) return [];
  const recorded = resolved?.compilation_config?.cudagraph_capture_sizes;
  return recorded?.toSorted((a, b) => a - b) ?? defaultGraphSizes(kwargs.max_num_seqs);
}

function modelOf(run: BenchRun, group: readonly BenchInstance[]): ModelShape {
  const name = group[0]?.model_name ?? run.meta.model;
  const model = findModel(name) ?? findModel(name.replace(/^.*\//, ''));
  if (model !== null) return model;
  throw invalid(run, 'model_name', `the catalog has no model "${name}"`);
}

const invalid = (run: BenchRun, field: string, problem: string): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `bench/${run.name}: ${field}: ${problem}`, { field });
