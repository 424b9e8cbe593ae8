import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createPrometheusTarget } from '../../measure/sources/prometheus-target.ts';
import { findAccess } from '../../measure/sources/schedulers/find-access.ts';
import { createKubeClient } from '../../measure/sources/schedulers/kube-client.ts';
import { readCluster } from '../../measure/sources/schedulers/read-cluster.ts';
import { systemAccessIo } from '../../measure/sources/schedulers/system-access-io.ts';
import type { Reading } from '../../measure/sources/series-tracker.ts';
import { findWaste } from '../../plan/cluster-replay/live/find-waste.ts';
import type { GpuActivity } from '../../plan/cluster-replay/live/finding.ts';
import { gpuActivity } from '../../plan/cluster-replay/live/gpu-activity.ts';
import { clusterManifests } from '../../plan/cluster-replay/live/manifests.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { positiveOption } from '../load-options.ts';
import { textValue, textValues } from '../option-values.ts';
import { type LiveCluster, liveClusters } from '../live-clusters.ts';
import { renderClusterCheck } from '../render-cluster-check.ts';
import { renderLiveCluster } from '../render-live-cluster.ts';

const SCRAPE_TIMEOUT_MS = 10_000;

/** `tailrace cluster check`: what keeps the accelerators of a live cluster from work. */
export const clusterCheck: Command = {
  name: 'cluster check',
  summary: 'look at a live cluster: idle notebooks, unused slices, large requests, quota',
  usage: 'tailrace cluster check [options]',
  description: [
    'Without options and with an instance that looks at clusters (`clusters:` of tailrace.yaml, Kubernetes',
    'or Slurm) it shows what that saw last. Else, or with --kubeconfig or --context, it looks itself:',
    'reads nodes, pods, quotas, use and Kueue queues, never writes. Access as kubectl finds it: the file',
    'named, KUBECONFIG, the service account of the pod, ~/.kube/config. What a card does is read from',
    'dcgm-exporter (--dcgm, several times for several nodes); without it idle notebooks stay unknown.',
    '--manifests writes PriorityClasses and Kueue queues for what is held now, to read and apply by hand.',
    '',
    'Exit code: 0 looked at, 1 the cluster or a file cannot be reached, 2 wrong usage.',
  ].join('\n'),
  examples: [
    'tailrace cluster check',
    'tailrace cluster check --context prod --dcgm http://10.0.0.7:9400/metrics --price 2.5',
    'tailrace cluster check --manifests queues.yaml --json',
  ],
  options: {
    kubeconfig: { type: 'string', value: 'FILE', description: 'kubeconfig file' },
    context: {
      type: 'string',
      value: 'NAME',
      description: 'context of it (default: its current one)',
    },
    dcgm: {
      type: 'string',
      value: 'URL',
      multiple: true,
      description: 'metrics page of a dcgm-exporter that labels pods',
    },
    price: { type: 'string', value: 'USD', description: 'what one card costs an hour' },
    manifests: {
      type: 'string',
      value: 'FILE',
      description: 'write queues and priorities as YAML',
    },
    json: { type: 'boolean', description: 'print the findings as JSON' },
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, stderr, env, cwd, clock } = context;
  const price = positiveOption(values, 'price', 100_000);
  const isAsked = ['kubeconfig', 'context', 'dcgm', 'manifests', 'price'].some(
    (one) => one in values,
  );
  const live = isAsked ? [] : await liveClusters(context);
  if (live.length > 0) return showLive(context, live);
  const file = textValue(values, 'kubeconfig');
  const access = await findAccess(
    {
      kubeconfig: file === undefined ? null : resolve(cwd, file),
      context: textValue(values, 'context') ?? null,
    },
    systemAccessIo(env),
  );
  if (!access.ok) throw access.error;
  const client = createKubeClient(access.value);
  const snapshot = await readCluster(client, access.value.source, clock.wallMs());
  await client.close();
  if (!snapshot.ok) throw snapshot.error;
  const activity = await readActivity(textValues(values, 'dcgm'));
  const check = findWaste(snapshot.value, activity, price);
  const manifests = textValue(values, 'manifests');
  if (manifests !== undefined) {
    writeFileSync(resolve(cwd, manifests), clusterManifests(snapshot.value));
    stderr.write(`wrote ${manifests}: read it before you apply it\n`);
  }
  stdout.write(
    values['json'] === true ? `${JSON.stringify(check, null, 2)}\n` : renderClusterCheck(check),
  );
  return EXIT.ok;
}

/** As the running instance saw them; a cluster that it could not read yet makes the command fail. */
function showLive({ values, stdout, clock }: CommandContext, live: readonly LiveCluster[]): number {
  const nowMs = clock.wallMs();
  stdout.write(
    values['json'] === true
      ? `${JSON.stringify({ clusters: live }, null, 2)}\n`
      : live.map((one) => renderLiveCluster(one, nowMs)).join('\n'),
  );
  return live.every(({ check }) => check !== null) ? EXIT.ok : EXIT.failed;
}

/** One reading of every exporter; null when none was named. */
async function readActivity(urls: readonly string[]): Promise<GpuActivity | null> {
  if (urls.length === 0) return null;
  const pages = await Promise.all(
    urls.map((url) =>
      createPrometheusTarget({
        source: 'dcgm',
        url,
        intervalMs: SCRAPE_TIMEOUT_MS,
        timeoutMs: SCRAPE_TIMEOUT_MS,
        node: null,
        apiKey: null,
        fetch,
      }).read(),
    ),
  );
  const readings: Reading[] = [];
  for (const page of pages) {
    if (!page.ok) throw page.error;
    readings.push(...page.value.readings);
  }
  return gpuActivity(readings);
}
