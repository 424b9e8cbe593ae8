import { attentionCost } from '../../catalog/attention.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { footprintOf } from '../../catalog/footprint.ts';
import { peakTflops } from '../../catalog/roofline.ts';
import { ROOFLINE_CONSTANTS } from '../time/roofline.ts';
import { alphaBetaCollectives, type CollectiveTimes, type RankGroup } from './collectives.ts';
import { dataStallS } from './data-loading.ts';
import { measuredNodeExchange } from './measured-node-exchange.ts';
import { stragglerWaitS } from './straggler-wait.ts';
import { paramsPerAccelerator } from './training-memory.ts';
import type { TrainingSetup } from './training-setup.ts';

/**
 * Seconds of one optimizer step, by what they are spent on; parts that nothing hides, so they add
 * up.
 */
export interface TrainingStep {
  stepS: number;
  /** Arithmetic of the model itself, forward and backward. */
  computeS: number;
  recomputeS: number;
  bubbleS: number;
  tensorExchangeS: number;
  pipelineExchangeS: number;
  dataExchangeS: number;
  expertExchangeS: number;
  stragglerS: number;
  overheadS: number;
  dataInputS: number;
  /** Model FLOPs of one step over all accelerators, recomputation not counted. */
  modelFlops: number;
  /** Model FLOPs per second over peak (Chowdhery et al., "PaLM", arXiv 2204.02311, appendix B). */
  mfu: number;
  provenance: 'measured' | 'roofline';
}

const ACTIVATION_BYTES = 2;
const GRADIENT_BYTES = 2;
const ATTENTION_BACKWARD = 2.5;

/**
 * One synchronous step. A backward pass costs twice a forward one, of attention 2.5 times, because
 * its kernels recompute the scores whatever the plan says (Dao, "FlashAttention-2", arXiv
 * 2307.08691), which is all that selective recomputation adds; full recomputation adds a forward
 * pass. Tensor-parallel exchanges, two per layer and pass, are not hidden; gradient exchange hides
 * behind arithmetic up to `network.overlapShare`. The pipeline's bubble is (p - 1) / v
 * micro-batches (Narayanan et al., SC21, arXiv 2104.04473, section 2.2). TR_PLAN_INVALID when the
 * catalog lacks a figure.
 */
export function trainingStep(setup: TrainingSetup): Result<TrainingStep> {
  const peak = peakTflops(setup.accelerator, setup.plan.precision);
  if (peak === null) return missingFigure(setup, 'peak arithmetic', 'accelerator');
  const times = collectivesOf(setup);
  if (times === null) return missingFigure(setup, 'scale-up bandwidth', 'parallel.tensor');
  const { plan, microBatches } = setup;
  const flopsPerS = plan.accelerators * peak * 1e12;
  const { computeS, recomputeS, modelFlops } = arithmetic(setup, flopsPerS);
  const exchange = exchangeTimes(setup, times, computeS);
  const perMicroBatchS = (computeS + recomputeS + exchange.tensorExchangeS) / microBatches;
  const { pipeline, interleave } = plan.parallel;
  const bubbleS = ((pipeline - 1) / interleave) * perMicroBatchS;
  const stragglerS = stragglerWaitS(computeS + recomputeS, plan.accelerators, plan.stragglers);
  const overheadS = plan.compute.stepOverheadMs / 1000;
  const busyS =
    computeS +
    recomputeS +
    bubbleS +
    stragglerS +
    overheadS +
    exchange.tensorExchangeS +
    exchange.pipelineExchangeS +
    exchange.dataExchangeS +
    exchange.expertExchangeS;
  const dataInputS = dataInput(setup, busyS);
  const stepS = busyS + dataInputS;
  return ok({
    stepS,
    computeS,
    recomputeS,
    bubbleS,
    ...exchange,
    stragglerS,
    overheadS,
    dataInputS,
    modelFlops,
    mfu: modelFlops / (stepS * flopsPerS),
    provenance: plan.compute.shareOfPeak === undefined ? 'roofline' : 'measured',
  });
}

/** Seconds of arithmetic; `flopsPerS` is the peak of all accelerators together. */
function arithmetic(
  setup: TrainingSetup,
  flopsPerS: number,
): Pick<TrainingStep, 'computeS' | 'recomputeS' | 'modelFlops'> {
  const { compute, recompute } = setup.plan;
  const flops = forwardFlops(setup);
  const shareOfPeak = compute.shareOfPeak ?? ROOFLINE_CONSTANTS.computeShare;
  const denseS = flops.dense / (flopsPerS * shareOfPeak);
  const attentionS = flops.attention / (flopsPerS * compute.attentionShareOfPeak);
  return {
    computeS: 3 * denseS + (1 + ATTENTION_BACKWARD) * attentionS,
    recomputeS: recompute === 'full' ? denseS + attentionS : 0,
    modelFlops: 3 * (flops.dense + flops.attention),
  };
}

/** Tokens of one step. */
export const tokensPerStep = ({ plan }: TrainingSetup): number =>
  plan.globalBatchSequences * plan.sequenceTokens;

/**
 * Forward FLOPs of one step over all accelerators: 2 per active parameter and token, and causal
 * attention.
 */
function forwardFlops(setup: TrainingSetup): { dense: number; attention: number } {
  const { plan, model } = setup;
  const size = footprintOf(model, 'bf16');
  const tokens = tokensPerStep(setup);
  const pairsPerToken = (plan.sequenceTokens + 1) / 2;
  const attention = tokens * pairsPerToken * attentionCost(model).prefillFlopsPerPair;
  return { dense: tokens * 2 * (size.activeLayerParams + size.headParams), attention };
}

/**
 * Inside a node the collective model fitted to measured tables, between nodes alpha-beta over the
 * plan's topology.
 */
function collectivesOf({ plan, accelerator }: TrainingSetup): CollectiveTimes | null {
  const { network, parallel } = plan;
  if (accelerator.scaleUpGbPerS === null && parallel.tensor > 1) return null;
  // The catalog counts both directions of the scale-up link; a node without one exchanges over the
  // network.
  const oneWayGbPerS =
    accelerator.scaleUpGbPerS === null
      ? network.gbPerSPerAccelerator
      : accelerator.scaleUpGbPerS / 2;
  const topology = {
    nodeGbPerS: oneWayGbPerS,
    nodeLatencyUs: network.latencyUs,
    networkGbPerS: network.gbPerSPerAccelerator,
    networkLatencyUs: network.latencyUs,
    oversubscription: network.oversubscription,
    collective: network.collective,
  };
  return alphaBetaCollectives(topology, measuredNodeExchange(accelerator.id, oneWayGbPerS));
}

type Exchange = Pick<
  TrainingStep,
  'tensorExchangeS' | 'pipelineExchangeS' | 'dataExchangeS' | 'expertExchangeS'
>;

/** Ranks are placed tensor first, then data, then pipeline, as Megatron-LM places them. */
function exchangeTimes(setup: TrainingSetup, times: CollectiveTimes, computeS: number): Exchange {
  const { plan, model, dataParallel, microBatches } = setup;
  const { tensor, pipeline, expert, interleave } = plan.parallel;
  const perNode = plan.network.acceleratorsPerNode;
  const tensorGroup: RankGroup = { ranks: tensor, ranksPerNode: Math.min(tensor, perNode) };
  const across = Math.max(1, Math.floor(perNode / tensor));
  const dataGroup: RankGroup = {
    ranks: dataParallel,
    ranksPerNode: Math.min(dataParallel, across),
  };
  const expertGroup: RankGroup = { ranks: expert, ranksPerNode: Math.min(expert, across) };

  const microTokens = plan.microBatchSequences * plan.sequenceTokens;
  const activationBytes = microTokens * model.hidden * ACTIVATION_BYTES;
  const passes = plan.recompute === 'full' ? 3 : 2;
  const layersHere = model.layers / pipeline;
  const tensorExchangeS =
    microBatches * layersHere * passes * 2 * times.allReduceS(tensorGroup, activationBytes);

  const sends = pipeline === 1 ? 0 : 2 * interleave * microBatches;
  // Sends overlap the work of the next micro-batch; one per pass and chunk is at the pipeline's
  // edges.
  const edgeSends = pipeline === 1 ? 0 : 2 * interleave * (pipeline - 1);
  const sendS = times.sendS(activationBytes / tensor);
  const pipelineExchangeS = Math.max(edgeSends, sends * (1 - plan.network.overlapShare)) * sendS;

  const dataExchangeS = gradientExchangeS(setup, times, dataGroup, computeS);

  return {
    tensorExchangeS,
    pipelineExchangeS,
    dataExchangeS,
    expertExchangeS: expertExchangeS(setup, times, expertGroup, activationBytes),
  };
}

/**
 * Gradients are reduced once a step: a reduce-scatter and an all-gather, behind the backward pass.
 * When weights are shared too (stage 3), every micro-batch gathers them forward and backward and
 * scatters its gradients, behind all of the arithmetic (Zhao et al., "PyTorch FSDP", arXiv
 * 2304.11277).
 */
function gradientExchangeS(
  setup: TrainingSetup,
  times: CollectiveTimes,
  group: RankGroup,
  computeS: number,
): number {
  const { plan, microBatches } = setup;
  const sharedWeights = plan.parallel.zeroStage === 3;
  const halves = sharedWeights ? 3 * microBatches : 2;
  const bytes = paramsPerAccelerator(setup) * GRADIENT_BYTES;
  const wholeS = halves * times.halfReduceS(group, bytes);
  const hidingS = sharedWeights ? computeS : (computeS * 2) / 3;
  return wholeS - Math.min(wholeS * plan.network.overlapShare, hidingS);
}

/**
 * Dispatch and combine, forward and backward: four all-to-alls per layer of experts and
 * micro-batch.
 */
function expertExchangeS(
  { plan, model, microBatches }: TrainingSetup,
  times: CollectiveTimes,
  group: RankGroup,
  activationBytes: number,
): number {
  if (model.experts === null || group.ranks === 1) return 0;
  const layers = (model.layers - (model.experts.denseLayers ?? 0)) / plan.parallel.pipeline;
  const bytes = (activationBytes * model.experts.active) / plan.parallel.tensor;
  return microBatches * layers * 4 * times.allToAllS(group, bytes);
}

function dataInput(setup: TrainingSetup, busyS: number): number {
  const { data, seed } = setup.plan;
  if (data === undefined) return 0;
  const demandPerS = tokensPerStep(setup) / busyS;
  const suppliedPerS = data.tokensPerS ?? (data.shareOfDemand ?? 1) * demandPerS;
  const loadS = tokensPerStep(setup) / suppliedPerS;
  const { variation, prefetchBatches } = data;
  return dataStallS({ stepS: busyS, loadS, variation, prefetchBatches, seed });
}

const missingFigure = ({ accelerator }: TrainingSetup, figure: string, field: string) =>
  fail(
    'TR_PLAN_INVALID',
    `the catalog has no ${figure} for ${accelerator.name}: choose another accelerator` +
      (field === 'parallel.tensor' ? ', or parallel.tensor 1' : ''),
    { field },
  );
