import { createGraph, type DependencyGraph, type GraphBuilder } from './dependency-graph.ts';
import { matchP2p, type StageOperations } from './match-p2p.ts';
import { DP_TYPES, operationName, P2P_TYPES, type Operation } from './step-trace.ts';

/**
 * The dependency model of the straggler what-if (ByteDance, arXiv 2505.05713, section 4, and its
 * published analyzer 8efcd7f): computation of a stage in its own order, transfers between stages
 * with the computation they serve, gradients after the last backward pass, the optimizer last.
 * `template` is one step of data-parallel rank 0; all steps and ranks share it. Throws
 * TR_TRACE_INVALID when transfers do not pair.
 */
export function pipelineGraph(
  template: readonly Operation[],
  { dataParallel, file }: { dataParallel: boolean; file: string },
): DependencyGraph {
  const stageCount = Math.max(...template.map(({ stage }) => stage)) + 1;
  const graph = createGraph(new Set(template.map(nameOf)));
  const stages = Array.from({ length: stageCount }, (_, stage) => stageOf(template, stage));
  matchP2p(stages, graph, file);
  for (const stage of stages) chainStage(stage, graph);
  const overlapped = template.some(({ opType }) => opType === 'separate-grads-all-reduce');
  for (const { stage, compute } of stages) {
    const own = template.filter((operation) => operation.stage === stage).toSorted(byStart);
    if (dataParallel) chainDataParallel(own, compute, overlapped, graph);
    const edge = stage === 0 || stage === stageCount - 1;
    finish({ stage, own, compute, edge, dataParallel, overlapped, graph });
  }
  groupCollectives(template, stageCount, dataParallel, graph);
  return graph.build();
}

const nameOf = ({ opType, sequence, stage }: Operation): string =>
  operationName(opType, sequence, stage);

const endS = ({ startS, durationS }: Operation): number => startS + durationS;

const byStart = (a: Operation, b: Operation): number =>
  a.startS - b.startS || a.sequence - b.sequence || (a.opType < b.opType ? -1 : 1);

const isCompute = ({ opType }: Operation): boolean =>
  opType === 'forward-compute' || opType === 'backward-compute';

function stageOf(template: readonly Operation[], stage: number): StageOperations {
  const own = template.filter((operation) => operation.stage === stage).toSorted(byStart);
  const p2p: readonly string[] = P2P_TYPES;
  return {
    stage,
    compute: own.filter(isCompute),
    transfers: own.filter(({ opType }) => p2p.includes(opType)),
  };
}

/** One stream for computation, one for each kind of transfer. */
function chainStage({ stage, compute, transfers }: StageOperations, graph: GraphBuilder): void {
  graph.chain(compute.map(nameOf));
  for (const type of P2P_TYPES) {
    graph.chain(transfers.filter(({ opType }) => opType === type).map(nameOf));
  }
  // The first backward transfers are posted after the last but one forward pass before them.
  const firstBackward = compute.findIndex(({ opType }) => opType === 'backward-compute');
  const posted = compute[firstBackward - 2];
  if (firstBackward < 2 || posted === undefined) return;
  for (const type of ['backward-recv', 'backward-send']) {
    graph.after(operationName(type, 0, stage), [nameOf(posted)]);
  }
}

/** Parameters are gathered before a chunk first runs; with overlap, gradients leave after it last does. */
function chainDataParallel(
  own: readonly Operation[],
  compute: readonly Operation[],
  overlapped: boolean,
  graph: GraphBuilder,
): void {
  const gathers = ofType(own, 'params-all-gather');
  const scatters = ofType(own, 'grads-reduce-scatter');
  graph.chain(
    own
      .filter(({ opType }) => opType === 'params-all-gather' || opType === 'grads-reduce-scatter')
      .map(nameOf),
  );
  for (const gather of onePerChunk(gathers.toReversed())) {
    const first = compute.find(
      ({ opType, chunk }) => opType === 'forward-compute' && chunk === gather.chunk,
    );
    if (first !== undefined) graph.after(nameOf(first), [nameOf(gather)]);
  }
  if (!overlapped) return;
  for (const scatter of onePerChunk(scatters)) {
    const last = latest(
      compute.filter(
        ({ opType, chunk }) => opType === 'backward-compute' && chunk === scatter.chunk,
      ),
    );
    if (last !== undefined) graph.after(nameOf(scatter), [nameOf(last)]);
  }
}

const ofType = (own: readonly Operation[], type: string): Operation[] =>
  own.filter(({ opType }) => opType === type).toSorted((a, b) => a.sequence - b.sequence);

function onePerChunk(operations: readonly Operation[]): Operation[] {
  const seen = new Set<number>();
  return operations.filter(({ chunk }) => {
    if (seen.has(chunk)) return false;
    seen.add(chunk);
    return true;
  });
}

const latest = (operations: readonly Operation[]): Operation | undefined =>
  operations.reduce<Operation | undefined>(
    (last, one) => (last === undefined || endS(one) > endS(last) ? one : last),
    undefined,
  );

/** From the last backward pass to the end of the step. */
function finish(given: {
  stage: number;
  own: readonly Operation[];
  compute: readonly Operation[];
  edge: boolean;
  dataParallel: boolean;
  overlapped: boolean;
  graph: GraphBuilder;
}): void {
  const { stage, own, compute, edge, dataParallel, overlapped, graph } = given;
  const at = (type: string, sequence = 0): string => operationName(type, sequence, stage);
  const last = latest(compute);
  const collect = at('gc');
  const lastCompute = last === undefined ? [] : [nameOf(last)];
  graph.after(collect, lastCompute);
  const hasCollect = own.some(({ opType }) => opType === 'gc');
  const begin = hasCollect ? [collect] : lastCompute;
  const scatters = ofType(own, 'grads-reduce-scatter').map(nameOf);
  const norms = [at('layernorm-grads-all-reduce')];
  if (edge) norms.push(at('embedding-grads-all-reduce'));
  const end = [at('optimizer-clip-main-grad'), at('optimizer')];
  if (!dataParallel) graph.chain([...norms, ...end], begin);
  else if (!overlapped) graph.chain([...norms, ...scatters, ...end], begin);
  else {
    const before = [...scatters.slice(-1), ...begin];
    graph.chain([...norms, at('separate-grads-all-reduce'), ...end], before);
  }
}

function groupCollectives(
  template: readonly Operation[],
  stageCount: number,
  dataParallel: boolean,
  graph: GraphBuilder,
): void {
  const stages = Array.from({ length: stageCount }, (_, stage) => stage);
  if (dataParallel) {
    for (const operation of template) {
      if (!DP_TYPES.has(operation.opType)) continue;
      graph.group([nameOf(operation)]);
      graph.acrossRanks(nameOf(operation));
    }
  }
  const embedding = [...new Set([0, stageCount - 1])];
  graph.group(embedding.map((stage) => operationName('embedding-grads-all-reduce', 0, stage)));
  const clips = stages.map((stage) => operationName('optimizer-clip-main-grad', 0, stage));
  graph.group(clips);
  for (const clip of clips) graph.acrossRanks(clip);
}
