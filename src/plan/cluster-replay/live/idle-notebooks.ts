import type {
  ClusterSnapshot,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { cardsOf, podKey, type GpuActivity, type Unpriced } from './finding.ts';

/** Active less than this is idle: above the noise of a card that only holds a context. */
const IDLE_SHARE = 0.01;
/** A notebook that started just now has not been left. */
const MIN_AGE_MS = 3_600_000;

/** Labels that JupyterHub, Kubeflow and Open Data Hub put on notebooks; else the image tells. */
const NOTEBOOK_LABELS = [
  'hub.jupyter.org/username',
  'notebook-name',
  'opendatahub.io/notebook-image',
];
const NOTEBOOK_IMAGE = /(^|[/_-])(jupyter|jupyterlab|notebook|rstudio|code-server)/i;

/** Notebooks that hold accelerators which do nothing. Those of unknown activity are not accused. */
export function idleNotebooks(snapshot: ClusterSnapshot, activity: GpuActivity): Unpriced[] {
  const nodes = new Map(snapshot.nodes.map((node) => [node.name, node]));
  return snapshot.pods.flatMap((pod) => {
    const gpus = cardsOf(pod.devices, nodes.get(pod.node ?? '') ?? null);
    const active = activity.get(podKey(pod));
    const ageMs = pod.startedAtMs === null ? 0 : snapshot.takenAtMs - pod.startedAtMs;
    if (gpus === 0 || active === undefined || active >= IDLE_SHARE) return [];
    if (!isNotebook(pod) || ageMs < MIN_AGE_MS) return [];
    return {
      rule: 'idle-notebook' as const,
      subject: podKey(pod),
      gpus,
      evidence:
        `a notebook up for ${(ageMs / 3_600_000).toFixed(1)} h whose accelerators are ` +
        `${(active * 100).toFixed(1)} % active`,
      fix: 'cull notebooks when idle (JupyterHub, Kubeflow), or give it a slice',
      confidence: 'low' as const,
    };
  });
}

const isNotebook = ({ labels, images }: SnapshotPod): boolean =>
  NOTEBOOK_LABELS.some((label) => labels[label] !== undefined) ||
  labels['component'] === 'singleuser-server' ||
  images.some((image) => NOTEBOOK_IMAGE.test(image));
