/**
 * How fast the serving simulator is: `node bench/plan-speed.ts [--trace AZURE.csv] [--requests N]`. One replica of Llama-3.1-8B on an H100,
 * step times from the shipped operator table. With a trace its rows are simulated at their own times; then N requests (262,742 is
 * what a p99 needs by MLPerf's rule) with Poisson arrivals at 80 % of the capacity that a full queue shows. Lengths are the trace's, or
 * lognormal without one. Prints JSON. For comparison, published: Vidur simulates 300 to 500 requests a second on
 * two such cores, AISimulate claims 2,000 to 2,900.
 */
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { findAccelerator } from '../src/catalog/accelerators.ts';
import { findModel } from '../src/catalog/models.ts';
import { createRandom } from '../src/plan/core/random.ts';
import type { ServingRequest } from '../src/plan/serving/serving-request.ts';
import { simulateServing, type ReplicaSpec } from '../src/plan/serving/simulate-serving.ts';
import { kvBlockBudget } from '../src/plan/time/footprint.ts';
import { shippedStepTime } from '../src/plan/time/operator-table/shipped-step-time.ts';
import { traceRequests } from '../src/plan/workload/trace-requests.ts';
import { readTrace } from '../src/records/traces/read-trace.ts';
import type { TraceRow } from '../src/records/traces/trace-row.ts';

const MLPERF_P99_REQUESTS = 262_742;
const LOAD_SHARE = 0.8;

const { values } = parseArgs({
  options: {
    trace: { type: 'string' },
    requests: { type: 'string', default: String(MLPERF_P99_REQUESTS) },
  },
});

const replica = await h100Replica();
const traced = values.trace === undefined ? null : await readRequests(values.trace);
if (traced !== null) report('trace', traced);
const lengths = traced ?? syntheticLengths(20_000);
const capacity = capacityPerS(lengths);
const ratePerS = LOAD_SHARE * capacity;
report('poisson', poisson(lengths, ratePerS, Number(values.requests)), { capacity, ratePerS });

function report(name: string, requests: ServingRequest[], more: Record<string, number> = {}): void {
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const result = run(requests);
  const wallS = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuS = (user + system) / 1e6;
  const row = {
    case: name,
    ...more,
    requests: requests.length,
    steps: result.steps,
    wallS,
    cpuS,
    requestsPerWallS: requests.length / wallS,
    requestsPerCpuS: requests.length / cpuS,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ttftMsP99: result.ttftMs.p99.value,
    tpotMsP99: result.tpotMs.p99.value,
    meanRunning: result.batch.meanRunning,
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

function run(requests: ServingRequest[]) {
  const result = simulateServing({ replicas: [replica], requests });
  if (!result.ok) throw result.error;
  return result.value;
}

async function h100Replica(): Promise<ReplicaSpec> {
  const accelerator = findAccelerator('h100-sxm');
  const model = findModel('llama-3.1-8b');
  if (accelerator === null || model === null) throw new Error('not in the catalog');
  const hardware = { accelerator, model, tensorParallel: 1, quantization: 'bf16' as const };
  const kvBlocks = kvBlockBudget(hardware, 0.9);
  const time = await shippedStepTime(hardware, { maxSequences: 256 });
  if (!kvBlocks.ok || time === null) throw new Error('no table');
  return {
    engine: {
      kind: 'vllm',
      maxSequences: 256,
      maxBatchedTokens: 8192,
      kvBlocks: kvBlocks.value,
      maxContext: model.maxContext,
    },
    time,
    power: null,
    accelerators: 1,
  };
}

async function readRequests(file: string): Promise<ServingRequest[]> {
  const rows: TraceRow[] = [];
  for await (const row of readTrace(createReadStream(file), { file })) rows.push(row);
  return traceRequests(rows);
}

function syntheticLengths(count: number): ServingRequest[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => ({
    arrivalS: 0,
    promptTokens: 1 + Math.round(random.lognormal(1000, 1)),
    outputTokens: 1 + Math.round(random.lognormal(210, 0.8)),
  }));
}

/** Requests a second when the queue is never empty. */
function capacityPerS(all: readonly ServingRequest[]): number {
  const full = all.slice(0, 5000).map(({ promptTokens, outputTokens }) => ({
    arrivalS: 0,
    promptTokens,
    outputTokens,
  }));
  return run(full).throughput.requestsPerS;
}

function poisson(all: readonly ServingRequest[], perS: number, count: number): ServingRequest[] {
  const random = createRandom(11);
  let arrivalS = 0;
  return Array.from({ length: count }, (_, i) => {
    arrivalS += random.exponential(1 / perS);
    const { promptTokens, outputTokens } = all[i % all.length] ?? {
      promptTokens: 1,
      outputTokens: 1,
    };
    return { arrivalS, promptTokens, outputTokens };
  });
}
