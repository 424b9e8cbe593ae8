import {
  option,
  readNumbers,
  readRange,
  readTexts,
  readWord,
  type PlanOption,
} from './plan-input.ts';

/** Options of every `plan` command about serving, each standing for a value of plan.yaml. */
export const workloadOptions: Record<string, PlanOption> = {
  model: option('workload.model', 'ID', 'model of the catalog, as llama-3.1-8b', readWord),
  rate: option('workload.requestsPerS', 'N', 'mean requests a second'),
  'input-tokens': option(
    'workload.inputTokens',
    'N[-M]',
    'tokens of a prompt, or their range (default 512)',
    readRange,
  ),
  'output-tokens': option(
    'workload.outputTokens',
    'N[-M]',
    'tokens of a reply, or their range (default 256)',
    readRange,
  ),
  trace: option(
    'workload.trace',
    'FILE',
    'recorded arrivals in place of rate and tokens',
    readWord,
  ),
  'ttft-p95': option('slo.ttftMs.p95', 'MS', 'target of time to first token, p95'),
  'ttft-p99': option('slo.ttftMs.p99', 'MS', 'target of time to first token, p99'),
  'tpot-p95': option('slo.tpotMs.p95', 'MS', 'target of time per output token, p95'),
  'tpot-p99': option('slo.tpotMs.p99', 'MS', 'target of time per output token, p99'),
  'e2e-p95': option('slo.e2eMs.p95', 'MS', 'target of the whole reply, p95'),
  'e2e-p99': option('slo.e2eMs.p99', 'MS', 'target of the whole reply, p99'),
  region: option('facility.region', 'US', 'country of the grid, two letters', readWord),
  requests: option('simulation.requests', 'N', 'requests to simulate (default 4000)'),
  seed: option('simulation.seed', 'N', 'seed of the arrivals (default 1)'),
};

/** One deployment. */
export const deploymentOptions: Record<string, PlanOption> = {
  accelerator: option('deployment.accelerator', 'ID', 'accelerator, as h100-sxm', readWord),
  quantization: option('deployment.quantization', 'FORM', 'bf16, fp8, int8, int4, fp4', readWord),
  tp: option('deployment.tensorParallel', 'N', 'accelerators of one replica (default 1)'),
  replicas: option('deployment.replicas', 'N', 'replicas (default 1)'),
  'max-seqs': option('deployment.maxSequences', 'N', 'sequences in a batch (default 256)'),
  'max-batched-tokens': option(
    'deployment.maxBatchedTokens',
    'N',
    'tokens in a step (default 8192)',
  ),
};

/** What a search may choose from; lists with commas. */
export const searchOptions: Record<string, PlanOption> = {
  accelerator: option('search.accelerators', 'ID,...', 'accelerators to choose from', readTexts),
  quantization: option('search.quantizations', 'FORM,...', 'forms of the weights', readTexts),
  tp: option('search.tensorParallel', 'N,...', 'accelerators of one replica', readNumbers),
  'max-seqs': option('search.maxSequences', 'N,...', 'sequences in a batch', readNumbers),
  'max-batched-tokens': option('search.maxBatchedTokens', 'N,...', 'tokens in a step', readNumbers),
  'max-replicas': option('search.maxReplicas', 'N', 'replicas at most (default 16)'),
  objective: option('objective', 'WHAT', 'cost, energy or latency (default cost)', readWord),
  'kw-per-node': option('limits.kwPerNode', 'KW', 'most that one replica may draw'),
  'site-kw': option('limits.siteKw', 'KW', 'most that the fleet may draw'),
  'usd-per-hour': option('limits.usdPerHour', 'USD', 'most that the fleet may cost'),
};
