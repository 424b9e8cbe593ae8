import type { PodStage } from './cluster-snapshot.ts';
import type { KubePod } from './kube-objects.ts';

type Told = { stage: PodStage; stageWhy: string };
type Statuses = NonNullable<NonNullable<KubePod['status']>['containerStatuses']>;

/** Init containers that fetch a model: KServe's, and those that are called after what they do. */
const FETCHES_MODEL = /storage-initializer|model|weights|download/i;
/** Reasons of a kubelet (pkg/kubelet/images, pkg/kubelet/container) for an image that is not there. */
const NO_IMAGE = /^(ErrImagePull|ImagePullBackOff|RegistryUnavailable|ErrImageNeverPull)$/;
const FAILS = /^(CrashLoopBackOff|RunContainerError|CreateContainer(Config)?Error)$/;
/** The kubelet writes whole seconds, and the condition a moment after the container's start. */
const SLACK_MS = 2_000;

/**
 * Where a pod is in its life, by its phase, its containers' states and conditions (Kubernetes
 * documentation, "Pod Lifecycle"). A container that runs and has not been ready since it started is
 * loading; one that was ready before and is not now is taken to work: its probe does not tell why.
 * `isPulling`: by its events, an image is on its way.
 */
export function podStage({ metadata, spec, status }: KubePod, isPulling: boolean): Told {
  if (typeof metadata.deletionTimestamp === 'string') return told('ending', 'is being deleted');
  if (spec.nodeName === undefined || spec.nodeName === '') return told('waiting', 'has no node');
  const inits = status?.initContainerStatuses ?? [];
  const mains = status?.containerStatuses ?? [];
  const reason = [...inits, ...mains]
    .map((one) => one.state?.waiting?.reason ?? '')
    .find((one) => NO_IMAGE.test(one) || FAILS.test(one));
  if (reason !== undefined) return told(NO_IMAGE.test(reason) ? 'loading' : 'failing', reason);
  if (isPulling) return told('loading', 'pulls its image');
  const fetching = inits.find(({ name, state }) => state?.running && FETCHES_MODEL.test(name));
  if (fetching !== undefined) return told('loading', `init container ${fetching.name} runs`);
  if (status?.phase !== 'Running') return told('starting', firstReason([...inits, ...mains]));
  return runningStage(mains, status.conditions ?? []);
}

function runningStage(
  mains: Statuses,
  conditions: NonNullable<NonNullable<KubePod['status']>['conditions']>,
): Told {
  const running = mains.filter(({ state }) => state?.running);
  const notStarted = running.find(({ started }) => started === false);
  if (notStarted !== undefined) {
    return told('loading', `container ${notStarted.name} has not passed its startup probe`);
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  const late = running.find((one) => one.ready === false);
  if (ready?.status !== 'False' || late === undefined) return told('working', 'runs');
  const unreadySinceMs = Date.parse(ready.lastTransitionTime ?? '');
  const startedMs = Date.parse(late.state?.running?.startedAt ?? '');
  // Not a number on either side compares false: the pod then counts as working.
  return unreadySinceMs <= startedMs + SLACK_MS
    ? told('loading', `container ${late.name} runs and has not been ready since it started`)
    : told('working', 'runs, not ready now');
}

const firstReason = (statuses: Statuses): string =>
  statuses.map(({ state }) => state?.waiting?.reason ?? '').find((one) => one !== '') ??
  'its containers do not run yet';

const told = (stage: PodStage, stageWhy: string): Told => ({ stage, stageWhy });
