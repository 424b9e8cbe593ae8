import { stringify } from 'yaml';
import type { Plan } from '../plan-file/plan-schema.ts';
import { acceleratorsOf, type Candidate } from '../search/candidate.ts';
import { publishedName } from './vllm-arguments.ts';
import { resourceName } from './kubernetes-manifest.ts';

/** Services, routes and engines of tailrace.yaml that serve a candidate behind the gateway. */
export function tailraceFragment(
  plan: Plan,
  candidate: Candidate,
  modelId: string,
  usdPerAcceleratorHour: number,
): string {
  const name = resourceName(modelId);
  const { accelerator, quantization, tensorParallel } = candidate;
  const slo = Object.fromEntries(
    Object.entries(plan.slo).filter(([, target]) => Object.keys(target).length > 0),
  );
  return stringify({
    services: [{ name: modelId, owner: 'name the owner', models: [modelId], route: modelId, slo }],
    routes: [
      {
        name: modelId,
        engines: [{ engine: name, model: publishedName(modelId) }],
        policy: candidate.routing,
      },
    ],
    engines: [
      {
        name,
        url: `http://${name}:8000/v1`,
        metricsUrl: `http://${name}:8000/metrics`,
        hardware: {
          accelerator,
          count: acceleratorsOf(candidate),
          tensorParallel,
          quantization,
          model: modelId,
        },
        cost: { basis: 'rented', usdPerAcceleratorHour },
      },
    ],
  });
}
