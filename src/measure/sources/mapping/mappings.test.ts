import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourceMetrics } from '../../../records/resource-sample.ts';
import { parseTextFormat } from '../exposition/text-format.ts';
import { type Reading, SeriesTracker } from '../series-tracker.ts';
import { mappings } from './mappings.ts';

/** Two scrapes ten seconds apart, as `[metric, subject, value]`. */
function measured(first: string, second: string, node: string | null = 'n1'): unknown[] {
  const out: unknown[] = [];
  const tracker = new SeriesTracker({
    sample: ({ metric, subject, value }) =>
      out.push([metric, subject.id, Number(value.toFixed(6))]),
    holder: () => {},
  });
  for (const [text, nowMs] of [
    [first, 1_700_000_000_000],
    [second, 1_700_000_010_000],
  ] as const) {
    const parsed = parseTextFormat(text);
    if (!parsed.ok) throw parsed.error;
    const context = { source: 's', node, intervalMs: 10_000, nowMs, basis: 'measured' as const };
    for (const one of parsed.value.samples as Reading[]) tracker.observe(one, context);
  }
  return out;
}

const fixture = join(import.meta.dirname, '../../../../test/fixtures/metrics');

describe('mappings', () => {
  it('have no name twice', () => {
    const names = mappings.flatMap(({ rules }) => Object.keys(rules));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are listed with every name and metric in docs/sources.md', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../../../docs/sources.md'), 'utf8');
    const metrics = Object.keys(resourceMetrics).filter((name) => !docs.includes(`\`${name}\``));
    expect(metrics).toEqual([]);
    for (const { exporter } of mappings) expect(docs).toContain(exporter);
  });

  it('reads a real page of SGLang: queueing, with the KV cache far from full', () => {
    const page = readFileSync(join(fixture, 'sglang_metrics_sample.prom'), 'utf8');
    const later = page.replace('8.128902e+06', '8.138902e+06');
    const all = measured(page, later);
    const id = 'n1/meta-llama/Llama-3.1-8B-Instruct';
    expect(all).toContainEqual(['requestsWaiting', id, 2826]);
    expect(all).toContainEqual(['kvUsageShare', id, 0.28]);
    expect(all).toContainEqual(['promptTokensPerS', id, 1000]);
  });

  it('reads vLLM, Triton with TensorRT-LLM, and trtllm-serve', () => {
    const page = (n: number): string =>
      [
        'vllm:num_requests_running{engine="0",model_name="m"} 4',
        `vllm:request_success_total{engine="0",model_name="m",finished_reason="stop"} ${n * 20}`,
        'nv_trt_llm_request_metrics{model="t",request_type="waiting",version="1"} 7',
        'nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="t",version="1"} 0.5',
        'nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="t",version="1"} 6239',
        `nv_inference_queue_duration_us{model="t",version="1"} ${n * 5_000_000}`,
        'trtllm_kv_cache_utilization{model_name="q"} 0.25',
        '',
      ].join('\n');
    expect(measured(page(0), page(1))).toEqual([
      ['requestsRunning', 'n1/m/0', 4],
      ['requestsDonePerS', 'n1/m/0', 2],
      ['requestsWaiting', 'n1/t/1', 7],
      ['kvUsageShare', 'n1/t/1', 0.5],
      ['queueSecondsPerS', 'n1/t/1', 0.5],
      ['kvUsageShare', 'n1/q', 0.25],
    ]);
  });

  it('reads AMD devices, partitions apart, and Kepler', () => {
    const page = (n: number): string =>
      [
        'amd_gpu_gfx_activity{gpu_uuid="u1",gpu_id="0",gpu_partition_id="0",hostname="h"} 50',
        'gpu_prof_tensor_active_percent{gpu_uuid="u1",gpu_partition_id="3",hostname="h"} 20',
        `gpu_energy_consumed{gpu_uuid="u1",gpu_partition_id="0",hostname="h"} ${n * 3e9}`,
        `gpu_xgmi_link_tx{gpu_uuid="u1",gpu_partition_id="0",hostname="h",link_index="0"} ${n * 100}`,
        `kepler_node_cpu_joules_total{node_name="k",zone="package",path="p0"} ${n * 1000}`,
        '',
      ].join('\n');
    expect(measured(page(0), page(1))).toEqual([
      ['kernelShare', 'u1', 0.5],
      ['tensorActiveShare', 'u1/3', 0.2],
      ['energyRateW', 'u1', 300],
      ['nvlinkTxBytesPerS', 'u1', 10_000],
      ['packagePowerW', 'k', 100],
    ]);
  });

  it('leaves out a device that nothing identifies', () => {
    const page = 'DCGM_FI_PROF_SM_ACTIVE{gpu="0"} 0.5\n';
    expect(measured(page, page, null)).toEqual([]);
    expect(measured(page, page, 'n1')).toEqual([['smActiveShare', 'n1/0', 0.5]]);
  });
});
