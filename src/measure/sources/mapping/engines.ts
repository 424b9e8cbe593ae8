import type { ResourceMetric } from '../../../records/resource-sample.ts';
import {
  acceleratorSubject,
  engineSubject,
  type ExporterMapping,
  type Labels,
  type Rule,
  type Target,
} from './mapping.ts';

const gauge = (metric: ResourceMetric, scale = 1): Rule => ({ metric, scale });
const rate = (metric: ResourceMetric, scale = 1): Rule => ({ metric, counter: true, scale });
/** A counter split by a label that does not matter here: the parts add up. */
const rateOver = (metric: ResourceMetric, part: string): Rule => ({
  metric,
  counter: true,
  part,
  combine: 'sum',
});

const ofModel = (labels: Labels, target: Target) =>
  engineSubject(labels, target, {
    model: ['model_name', 'served_model_name', 'model'],
    rank: ['engine', 'dp_rank', 'tp_rank', 'engine_index'],
  });

/** vLLM (https://docs.vllm.ai/en/latest/design/metrics.html), the names of V1 and those before them. */
export const vllm: ExporterMapping = {
  exporter: 'vllm',
  rules: {
    'vllm:num_requests_running': gauge('requestsRunning'),
    'vllm:num_requests_waiting': gauge('requestsWaiting'),
    'vllm:kv_cache_usage_perc': gauge('kvUsageShare'),
    'vllm:gpu_cache_usage_perc': gauge('kvUsageShare'),
    'vllm:num_preemptions_total': rate('preemptionsPerS'),
    'vllm:prompt_tokens_total': rate('promptTokensPerS'),
    'vllm:generation_tokens_total': rate('outputTokensPerS'),
    'vllm:prefix_cache_hits_total': rate('cachedTokensPerS'),
    'vllm:prefix_cache_queries_total': rate('queriedTokensPerS'),
    'vllm:request_success_total': rateOver('requestsDonePerS', 'finished_reason'),
    'vllm:request_queue_time_seconds_sum': rate('queueSecondsPerS'),
    'vllm:request_prefill_time_seconds_sum': rate('prefillSecondsPerS'),
    'vllm:request_decode_time_seconds_sum': rate('decodeSecondsPerS'),
    'vllm:time_to_first_token_seconds_sum': rate('ttftSecondsPerS'),
    'vllm:e2e_request_latency_seconds_sum': rate('e2eSecondsPerS'),
    'vllm:estimated_flops_per_gpu_total': rate('flopsPerS'),
    'vllm:estimated_read_bytes_per_gpu_total': rate('memoryReadBytesPerS'),
    'vllm:estimated_write_bytes_per_gpu_total': rate('memoryWriteBytesPerS'),
  },
  subject: ofModel,
};

/** SGLang (https://docs.sglang.ai/references/production_metrics.html). */
export const sglang: ExporterMapping = {
  exporter: 'sglang',
  rules: {
    'sglang:num_running_reqs': gauge('requestsRunning'),
    'sglang:num_queue_reqs': gauge('requestsWaiting'),
    'sglang:token_usage': gauge('kvUsageShare'),
    'sglang:cache_hit_rate': gauge('cacheHitShare'),
    'sglang:prompt_tokens_total': rate('promptTokensPerS'),
    'sglang:generation_tokens_total': rate('outputTokensPerS'),
    'sglang:cached_tokens_total': rateOver('cachedTokensPerS', 'cache_source'),
    'sglang:num_requests_total': rate('requestsDonePerS'),
    'sglang:time_to_first_token_seconds_sum': rate('ttftSecondsPerS'),
    'sglang:e2e_request_latency_seconds_sum': rate('e2eSecondsPerS'),
    'sglang:queue_time_seconds_sum': rate('queueSecondsPerS'),
    'sglang:estimated_flops_per_gpu_total': rate('flopsPerS'),
    'sglang:estimated_read_bytes_per_gpu_total': rate('memoryReadBytesPerS'),
    'sglang:estimated_write_bytes_per_gpu_total': rate('memoryWriteBytesPerS'),
  },
  subject: ofModel,
};

const trtRequests = (type: string, metric: ResourceMetric): Rule => ({
  metric,
  only: (labels) => labels.get('request_type') === type,
});

const microseconds = (metric: ResourceMetric): Rule => rate(metric, 1e-6);

/** Triton with the TensorRT-LLM backend (https://docs.nvidia.com/deeplearning/triton-inference-server, "Metrics"). */
export const triton: ExporterMapping = {
  exporter: 'triton',
  rules: {
    nv_trt_llm_request_metrics: [
      trtRequests('scheduled', 'requestsRunning'),
      trtRequests('waiting', 'requestsWaiting'),
    ],
    nv_trt_llm_kv_cache_block_metrics: {
      metric: 'kvUsageShare',
      only: (labels) => labels.get('kv_cache_block_type') === 'fraction',
    },
    nv_inference_request_success: rate('requestsDonePerS'),
    nv_inference_pending_request_count: gauge('requestsWaiting'),
    nv_inference_queue_duration_us: microseconds('queueSecondsPerS'),
    nv_inference_request_duration_us: microseconds('e2eSecondsPerS'),
  },
  subject: (labels, target) =>
    engineSubject(labels, target, { model: ['model'], rank: ['version'] }),
};

/** Triton's view of the devices. Ratios are 0..1. */
export const tritonDevices: ExporterMapping = {
  exporter: 'triton-devices',
  rules: {
    nv_gpu_utilization: gauge('kernelShare'),
    nv_gpu_memory_used_bytes: gauge('memoryUsedBytes'),
    nv_gpu_memory_total_bytes: gauge('memoryTotalBytes'),
    nv_gpu_power_usage: gauge('powerW'),
    nv_gpu_power_limit: gauge('powerLimitW'),
    nv_energy_consumption: rate('energyRateW'),
  },
  subject: (labels, target) =>
    acceleratorSubject(labels, target, { uuid: ['gpu_uuid'], index: [], model: [] }),
};

/** trtllm-serve's own page (`/prometheus/metrics`). */
export const tensorRtLlm: ExporterMapping = {
  exporter: 'trtllm-serve',
  rules: {
    trtllm_num_requests_running: gauge('requestsRunning'),
    trtllm_num_requests_waiting: gauge('requestsWaiting'),
    trtllm_kv_cache_utilization: gauge('kvUsageShare'),
    trtllm_kv_cache_hit_rate: gauge('cacheHitShare'),
    trtllm_request_success_total: rateOver('requestsDonePerS', 'finished_reason'),
    trtllm_time_to_first_token_seconds_sum: rate('ttftSecondsPerS'),
    trtllm_e2e_request_latency_seconds_sum: rate('e2eSecondsPerS'),
    trtllm_request_queue_time_seconds_sum: rate('queueSecondsPerS'),
  },
  subject: ofModel,
};
