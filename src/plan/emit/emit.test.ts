import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../config/load.ts';
import { parsePlan } from '../plan-file/parse-plan.ts';
import type { Candidate } from '../search/candidate.ts';
import { kubernetesManifest, resourceName } from './kubernetes-manifest.ts';
import { tailraceFragment } from './tailrace-fragment.ts';
import { vllmArguments } from './vllm-arguments.ts';

const candidate: Candidate = {
  accelerator: 'h100-sxm',
  quantization: 'fp8',
  tensorParallel: 2,
  maxSequences: 128,
  maxBatchedTokens: 4096,
  gpuMemoryShare: 0.85,
  routing: 'least-outstanding',
  replicas: 3,
};

describe('what a plan emits', () => {
  it('vLLM arguments say what was simulated', () => {
    expect(vllmArguments(candidate, 'llama-3.1-8b').join(' ')).toBe(
      'meta-llama/Llama-3.1-8B --quantization fp8 --tensor-parallel-size 2 --max-num-seqs 128 ' +
        '--max-num-batched-tokens 4096 --gpu-memory-utilization 0.85 --enable-chunked-prefill',
    );
  });

  it('a Deployment has the replicas and the accelerators of each', () => {
    const [deployment, service] = parseAllDocuments(kubernetesManifest(candidate, 'llama-3.1-8b'));
    expect(deployment?.toJS()).toMatchObject({
      kind: 'Deployment',
      metadata: { name: 'vllm-llama-3-1-8b' },
      spec: {
        replicas: 3,
        template: { spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': 2 } } }] } },
      },
    });
    expect(service?.toJS()).toMatchObject({ kind: 'Service', spec: { ports: [{ port: 8000 }] } });
  });

  it('names are such that Kubernetes takes them', () => {
    for (const id of ['Qwen/Qwen3.5_A-', 'x'.repeat(90), 'llama-3.1-8b']) {
      expect(resourceName(id)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }
  });

  it('the tailrace.yaml fragment is a configuration that loads', () => {
    const plan = parsePlan({
      file: 'plan.yaml',
      text: 'workload: { model: llama-3.1-8b, requestsPerS: 9 }\nslo: { ttftMs: { p99: 500 } }',
      overrides: [],
    });
    if (!plan.ok) throw plan.error;
    const text = tailraceFragment(plan.value, candidate, 'llama-3.1-8b', 2.95);
    const readFile = (): string => '';
    const loaded = parseConfig(text, { file: 'tailrace.yaml', env: {}, readFile });
    if (!loaded.ok) throw loaded.error;
    const { services, engines } = loaded.value.config;
    expect(services[0]?.slo.ttftMs).toEqual({ p99: 500 });
    expect(engines[0]?.hardware).toMatchObject({
      count: 6,
      tensorParallel: 2,
      quantization: 'fp8',
    });
  });
});
