import { findAccelerator } from '../../catalog/accelerators.ts';
import type { ModelShape } from '../../catalog/models.ts';
import { TailraceError } from '../../records/errors.ts';
import type { DisaggregationSettings } from '../cluster/fleet-settings.ts';
import type { EngineSettings } from '../engine/create-engine.ts';
import type { PipelineSettings } from '../serving/pipeline.ts';
import type { ReplicaSpec } from '../serving/simulate-serving.ts';
import { footprintOf, type Quantization } from '../../catalog/footprint.ts';
import { KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { expertTime } from '../time/operator-table/expert-time.ts';
import { defaultGraphSizes } from '../time/operator-table/graph-sizes.ts';
import { ringMs, type Link } from '../time/operator-table/ring-time.ts';
import { tableStepTime } from '../time/operator-table/table-step-time.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { readProfile, type Profile } from './llmservingsim-profile.ts';
import type { BenchInstance, BenchRun } from './llmservingsim-run.ts';
import { modelOf as modelOfName } from './silicon-sample.ts';

const ACTIVATION_BYTES = 2;
const QUANTIZATIONS: readonly Quantization[] = ['bf16', 'fp8', 'int8', 'int4', 'fp4'];

/** What a run was made on. */
export interface BenchFleet {
  replicas: ReplicaSpec[];
  disaggregation: DisaggregationSettings | null;
  /** Where the step times are from, in words. */
  tables: string;
}

/**
 * The replicas of a run: instances that share a `dp_group` and experts run in lockstep and are one
 * replica of several ranks; others stand alone. Instances with a `pd_type` prefill or decode, and hand over keys and values on
 * the link. Throws TR_TRACE_INVALID for what is not modelled.
 */
export async function benchFleet(dir: string, run: BenchRun): Promise<BenchFleet> {
  const groups = new Map<string, BenchInstance[]>();
  for (const [i, instance] of run.instances.entries()) {
    const { dp_group: rankOf, pd_type: half } = instance;
    const name = `${half ?? ''} ${rankOf ?? `alone ${i}`}`;
    groups.set(name, [...(groups.get(name) ?? []), instance]);
  }
  const parts = [...groups.values()].flatMap((group) => {
    // Dense models share nothing across data-parallel ranks.
    return modelOf(run, group).experts === null ? group.map((one) => [one]) : [group];
  });
  const isPrefill = (part: readonly BenchInstance[]): boolean => part[0]?.pd_type === 'prefill';
  const sorted = [...parts.filter(isPrefill), ...parts.filter((part) => !isPrefill(part))];
  const replicas: ReplicaSpec[] = [];
  const tables = new Set<string>();
  for (const part of sorted) {
    const made = await replicaOf(dir, run, part, modelOf(run, part));
    replicas.push(made.spec);
    tables.add(made.table);
  }
  return {
    replicas,
    disaggregation: disaggregationOf(run, sorted.filter(isPrefill).length),
    tables: [...tables].join('; '),
  };
}

/** Null where no instance prefills for others. */
function disaggregationOf(run: BenchRun, prefillReplicas: number): DisaggregationSettings | null {
  const halves = run.instances.map((one) => one.pd_type ?? null);
  if (prefillReplicas === 0 && !halves.includes('decode')) return null;
  if (prefillReplicas === 0 || halves.some((half) => half === null) || !halves.includes('decode')) {
    throw invalid(run, 'pd_type', 'needs instances of prefill and of decode, and none of neither');
  }
  if (run.link === null) throw invalid(run, 'link_bw', 'prefill hands over to decode on a link');
  const { kvBytesPerToken } = footprintOf(modelOf(run, run.instances), 'bf16');
  const bytesOfCache = formatsOf(run).cache === 'bf16' ? kvBytesPerToken : kvBytesPerToken / 2;
  return { prefillReplicas, kvBytesPerToken: bytesOfCache, ...run.link };
}

async function replicaOf(
  dir: string,
  run: BenchRun,
  group: readonly BenchInstance[],
  model: ModelShape,
): Promise<{ spec: ReplicaSpec; table: string }> {
  const [instance] = group;
  if (instance === undefined) throw invalid(run, 'nodes.instances', 'empty group');
  const stages = instance.pp_size ?? 1;
  const tensorParallel = instance.tp_size ?? Math.max(1, (instance.num_npus ?? 1) / stages);
  const layout = { tensorParallel, ranks: group.length, stages };
  const profile = await readProfile(dir, {
    hardware: instance.hardware,
    model: instance.model_name,
    tensorParallel,
    formats: formatsOf(run),
  });
  const spec = {
    engine: engineOf(run, instance, model, layout),
    time: timeOf(run, instance, model, layout, profile),
    power: null,
    accelerators: tensorParallel * group.length * stages,
    ...(stages === 1 ? {} : { pipeline: pipelineOf(run, model, stages) }),
  };
  return { spec, table: profile.from };
}

function pipelineOf(run: BenchRun, model: ModelShape, stages: number): PipelineSettings {
  if (run.link === null) throw invalid(run, 'link_bw', 'stages of a pipeline need a link');
  const { latencyS, bytesPerS } = run.link;
  const transferMs = (tokens: number): number =>
    1000 * (latencyS + (tokens * model.hidden * ACTIVATION_BYTES) / bytesPerS);
  return { stages, transferMs };
}

/** How weights and cache are stored, as variants of a profile are named: `fp8`, `bf16-kvfp8`. */
function formatsOf({ meta }: BenchRun): { weights: string; cache: string } {
  const { quantization, kv_cache_dtype: cache } = meta.engine_kwargs;
  return {
    weights: /fp8|fp4|int8|int4/.exec(quantization ?? '')?.[0] ?? 'bf16',
    cache: /fp8|int8/.exec(cache ?? '')?.[0] ?? 'bf16',
  };
}

interface Layout {
  tensorParallel: number;
  /** Data-parallel ranks in lockstep. */
  ranks: number;
  /** Stages of the pipeline, each with its part of the layers. */
  stages: number;
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
  { npu_mem: memory, hardware }: BenchInstance,
  model: ModelShape,
  { tensorParallel, ranks, stages }: Layout,
  blockTokens: number,
): number {
  const { weights: format, cache } = formatsOf(run);
  const size = footprintOf(model, QUANTIZATIONS.find((one) => one === format) ?? 'bf16');
  const cacheShare = cache === 'bf16' ? 1 : 0.5;
  const share =
    memory?.mem_util ?? run.meta.engine_kwargs.gpu_memory_utilization ?? DEFAULT_MEMORY_SHARE;
  const catalogGb = findAccelerator(hardware)?.memoryGb;
  const gib = memory?.mem_size ?? catalogGb;
  if (gib === undefined) {
    throw invalid(run, 'npu_mem.mem_size', `is absent and the catalog has no "${hardware}"`);
  }
  const usable = gib * 2 ** 30 * share * stages;
  const weights =
    size.weightBytes - expertParams(model) * size.layerBytesPerParam * (1 - 1 / ranks);
  const copies = Math.max(1, tensorParallel / model.kvHeads);
  const blockBytes = (size.kvBytesPerToken * cacheShare * blockTokens * copies) / tensorParallel;
  const blocks = Math.floor((usable - weights / tensorParallel) / blockBytes);
  if (blocks > 1) return blocks;
  throw invalid(run, 'npu_mem.mem_size', `the weights of ${model.name} leave no room for KV`);
}

const expertParams = ({ experts, hidden, layers }: ModelShape): number =>
  experts === null
    ? 0
    : (layers - (experts.denseLayers ?? 0)) * experts.count * 3 * hidden * experts.intermediate;

function timeOf(
  run: BenchRun,
  instance: BenchInstance,
  model: ModelShape,
  layout: Layout,
  { table, skewDefault }: Profile,
): StepTimeModel {
  const { tensorParallel, ranks } = layout;
  const { experts } = model;
  if (experts !== null && table.moe === null) {
    throw invalid(run, 'model_name', `the profile of ${instance.model_name} has no moe.csv`);
  }
  const share = instance.ep_size ?? (ranks > 1 ? ranks * tensorParallel : tensorParallel);
  return tableStepTime(table, {
    layers: model.layers,
    headsPerKv: model.heads / model.kvHeads,
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
  const model = modelOfName(name);
  if (model !== null) return model;
  throw invalid(run, 'model_name', `the catalog has no model "${name}"`);
}

const invalid = (run: BenchRun, field: string, problem: string): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `bench/${run.name}: ${field}: ${problem}`, { field });
