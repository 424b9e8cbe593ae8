import { stringify } from 'yaml';
import { findAccelerator } from '../../catalog/accelerators.ts';
import type { Candidate } from '../search/candidate.ts';
import { vllmArguments } from './vllm-arguments.ts';

/** Extended resource of each vendor's device plugin. */
const RESOURCE: Readonly<Record<string, string>> = {
  NVIDIA: 'nvidia.com/gpu',
  AMD: 'amd.com/gpu',
  Google: 'google.com/tpu',
};

/** A name that Kubernetes takes: RFC 1123, at most 63 characters. */
export const resourceName = (modelId: string): string =>
  `vllm-${modelId}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replace(/-+$/, '');

/** A Deployment and its Service for a candidate, as YAML. The image tag is left to the reader. */
export function kubernetesManifest(candidate: Candidate, modelId: string): string {
  const name = resourceName(modelId);
  const labels = { app: name };
  const vendor = findAccelerator(candidate.accelerator)?.vendor ?? '';
  const resource = RESOURCE[vendor] ?? 'nvidia.com/gpu';
  const container = {
    name: 'vllm',
    image: 'vllm/vllm-openai:latest',
    args: ['--model', ...vllmArguments(candidate, modelId)],
    ports: [{ containerPort: 8000, name: 'http' }],
    readinessProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 5 },
    resources: { limits: { [resource]: candidate.tensorParallel } },
    volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: candidate.replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [container],
          // Tensor-parallel workers talk over shared memory; the default of 64 MiB is too small.
          volumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }],
        },
      },
    },
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: { selector: labels, ports: [{ name: 'http', port: 8000, targetPort: 'http' }] },
  };
  return [deployment, service].map((one) => stringify(one)).join('---\n');
}
