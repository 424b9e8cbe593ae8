import type { RunningStep, StepResult, Ticket } from '../engine/engine-core.ts';
import type { MeterReading } from '../engine/engine-meter.ts';
import { KV_BLOCK_TOKENS } from '../time/footprint.ts';
import type { BuiltEngine } from './build-engine.ts';
import { createEngineDevices } from './devices/engine-devices.ts';
import { createHistogram } from './histogram.ts';

/** Bucket bounds of vLLM's metrics of the same names, so that dashboards made for it fit. */
const FIRST_TOKEN_S = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  160, 640, 2560,
];
const BETWEEN_TOKENS_S = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];
const REQUEST_S = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
const STEP_TOKENS = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];

type FinishedReason = 'stop' | 'length' | 'abort';

/** What the live engine counts, and the text it answers a scrape with. All times are simulated. */
export interface EngineMetrics {
  step(step: RunningStep, result: StepResult, replica: number): void;
  finished(ticket: Ticket, reason: FinishedReason): void;
  aborted(): void;
  text(meters: readonly MeterReading[], lagS: number): string;
}

export function createEngineMetrics(
  engine: BuiltEngine,
  about: { host: string; startedAtMs: number },
): EngineMetrics {
  const histograms = {
    'vllm:time_to_first_token_seconds': createHistogram(FIRST_TOKEN_S),
    'vllm:inter_token_latency_seconds': createHistogram(BETWEEN_TOKENS_S),
    'vllm:e2e_request_latency_seconds': createHistogram(REQUEST_S),
    'vllm:request_queue_time_seconds': createHistogram(REQUEST_S),
    'vllm:request_prefill_time_seconds': createHistogram(REQUEST_S),
    'vllm:request_decode_time_seconds': createHistogram(REQUEST_S),
    'vllm:iteration_tokens_total': createHistogram(STEP_TOKENS),
  };
  const finished: Record<FinishedReason, number> = { stop: 0, length: 0, abort: 0 };
  const devices = createEngineDevices(engine, about.host);
  let promptTokens = 0;
  let generatedTokens = 0;

  return {
    step(step, result, replica) {
      devices.step(step, replica);
      histograms['vllm:iteration_tokens_total'].observe(step.plan.tokens);
      generatedTokens += result.sampled.length;
      for (const { ticket, sinceLastS } of result.sampled) {
        if (sinceLastS !== null) {
          histograms['vllm:inter_token_latency_seconds'].observe(sinceLastS);
          continue;
        }
        promptTokens += ticket.sequence.promptTokens;
        const ttft = step.endS - ticket.arrivedS;
        histograms['vllm:time_to_first_token_seconds'].observe(ttft);
      }
      for (const { sequence } of result.finished) {
        if (sequence.outputTokens === 0) promptTokens += sequence.promptTokens;
      }
    },
    finished({ arrivedS, startedS, firstTokenS, lastTokenS }, reason) {
      finished[reason] += 1;
      if (startedS === null || firstTokenS === null || lastTokenS === null) return;
      histograms['vllm:e2e_request_latency_seconds'].observe(lastTokenS - arrivedS);
      histograms['vllm:request_queue_time_seconds'].observe(startedS - arrivedS);
      histograms['vllm:request_prefill_time_seconds'].observe(firstTokenS - startedS);
      histograms['vllm:request_decode_time_seconds'].observe(lastTokenS - firstTokenS);
    },
    aborted() {
      finished.abort += 1;
    },
    text(meters, lagS) {
      const labels = `engine="0",model_name="${escapeLabel(engine.model.id)}"`;
      let text = gaugesAndCounters(engine, meters, labels, { promptTokens, generatedTokens });
      text += typeLine('vllm:request_success_total', 'counter');
      for (const [reason, count] of Object.entries(finished)) {
        text += `vllm:request_success_total{${labels},finished_reason="${reason}"} ${count}\n`;
      }
      for (const [name, histogram] of Object.entries(histograms)) {
        text += typeLine(name, 'histogram') + histogram.lines(name, labels);
      }
      return (
        text + devices.text(meters) + simulationSeries(engine, meters, lagS, about.startedAtMs)
      );
    },
  };
}

const escapeLabel = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const typeLine = (name: string, type: string): string => `# TYPE ${name} ${type}\n`;

function gaugesAndCounters(
  engine: BuiltEngine,
  meters: readonly MeterReading[],
  labels: string,
  totals: { promptTokens: number; generatedTokens: number },
): string {
  const counts = engine.replicas.map((one) => one.counts());
  const sum = (of: (one: (typeof counts)[number]) => number): number =>
    counts.reduce((total, one) => total + of(one), 0);
  const preemptions = engine.replicas.reduce((total, one) => total + one.preemptions, 0);
  const kvShare = sum((one) => one.kvBlocksUsed) / sum((one) => one.kvBlocksTotal);
  const rows: Array<[string, 'gauge' | 'counter', number]> = [
    ['vllm:num_requests_running', 'gauge', sum((one) => one.running)],
    ['vllm:num_requests_waiting', 'gauge', sum((one) => one.waiting)],
    ['vllm:kv_cache_usage_perc', 'gauge', meters.length === 0 ? 0 : kvShare],
    ['vllm:num_preemptions_total', 'counter', preemptions],
    ['vllm:prompt_tokens_total', 'counter', totals.promptTokens],
    ['vllm:generation_tokens_total', 'counter', totals.generatedTokens],
  ];
  let text = '';
  for (const [name, type, value] of rows) {
    text += `${typeLine(name, type)}${name}{${labels}} ${value}\n`;
  }
  const cache =
    `engine="0",block_size="${KV_BLOCK_TOKENS}",num_gpu_blocks="${engine.kvBlocksPerReplica}",` +
    `gpu_memory_utilization="${engine.settings.gpuMemoryShare}",enable_prefix_caching="False"`;
  return `${text}${typeLine('vllm:cache_config_info', 'gauge')}vllm:cache_config_info{${cache}} 1\n`;
}

/**
 * Series of the simulation itself, over all replicas: energy and power are sums; busy and KV time are means
 * (their differences over an interval are shares of it); running and waiting time are sums.
 */
function simulationSeries(
  engine: BuiltEngine,
  meters: readonly MeterReading[],
  lagS: number,
  startedAtMs: number,
): string {
  const sum = (of: (one: MeterReading) => number): number =>
    meters.reduce((total, one) => total + of(one), 0);
  const mean = (of: (one: MeterReading) => number): number => sum(of) / meters.length;
  const { settings, replicas } = engine;
  const rows: Array<[string, 'gauge' | 'counter', number]> = [
    ['tailrace_sim_clock_seconds_total', 'counter', mean((one) => one.clockS)],
    ['tailrace_sim_busy_seconds_total', 'counter', mean((one) => one.busyS)],
    ['tailrace_sim_energy_joules_total', 'counter', sum((one) => one.energyJ)],
    ['tailrace_sim_idle_energy_joules_total', 'counter', sum((one) => one.idleEnergyJ)],
    ['tailrace_sim_power_watts', 'gauge', sum((one) => one.powerW)],
    ['tailrace_sim_running_seconds_total', 'counter', sum((one) => one.runningS)],
    ['tailrace_sim_waiting_seconds_total', 'counter', sum((one) => one.waitingS)],
    ['tailrace_sim_kv_seconds_total', 'counter', mean((one) => one.kvS)],
    ['tailrace_sim_batch_limit', 'gauge', settings.maxSequences * replicas.length],
    ['tailrace_sim_speed', 'gauge', settings.speed],
    ['tailrace_sim_lag_seconds', 'gauge', lagS],
    ['process_start_time_seconds', 'gauge', startedAtMs / 1000],
  ];
  let text = typeLine('tailrace_sim_info', 'gauge');
  text +=
    `tailrace_sim_info{simulated="true",model="${escapeLabel(engine.model.id)}",` +
    `accelerator="${escapeLabel(engine.accelerator.id)}"} 1\n`;
  for (const [name, type, value] of rows) text += `${typeLine(name, type)}${name} ${value}\n`;
  return text;
}
