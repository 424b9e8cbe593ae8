import type {
  ResourceMetric,
  ResourceSample,
  ResourceSubject,
} from '../../../records/resource-sample.ts';

export type Labels = ReadonlyMap<string, string>;

/** Where the samples of one target come from, as configured or as the connection tells. */
export interface Target {
  source: string;
  /** The node that series without a node of their own belong to; null: not known. */
  node: string | null;
}

/**
 * How one name of an exporter becomes a metric. `counter`: the value only grows, its growth per second is meant.
 * `scale` multiplies (after the difference, for counters). `part`: the label that tells parts apart. `only`: labels
 * that must match, else the series is left out. `expand`: the value is a code that gives several metrics.
 */
export interface Rule {
  metric: ResourceMetric;
  counter?: true;
  scale?: number;
  part?: string;
  combine?: ResourceSample['combine'];
  only?: (labels: Labels) => boolean;
  expand?: (value: number) => Iterable<[ResourceMetric, number]>;
  /** The scale where HELP tells it, e.g. microseconds in one version and nanoseconds in the next. */
  scaleByHelp?: (help: string) => number | null;
}

/** What one exporter's series are called, and whom they are about. */
export interface ExporterMapping {
  exporter: string;
  /** By the series' name; a name may have several rules. */
  rules: Readonly<Record<string, Rule | readonly Rule[]>>;
  /** Null: the labels do not tell whom the series is about. */
  subject(labels: Labels, target: Target): ResourceSubject | null;
  /** Who holds the subject, where labels tell. */
  holder?(labels: Labels): string | null;
}

/** The first label that is there and not empty. */
export function firstLabel(labels: Labels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = labels.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/** `instance` is `host:port`; the port is the exporter's, not the node's. */
const withoutPort = (instance: string): string => instance.replace(/:\d+$/, '');

const NODE_LABELS = [
  'node',
  'node_name',
  'Hostname',
  'hostname',
  'host',
  'nodename',
  'host.name',
  'exported_instance',
];

export function nodeOf(labels: Labels, target: Target): string | null {
  const named = firstLabel(labels, NODE_LABELS);
  if (named !== null) return named;
  const instance = firstLabel(labels, ['instance']);
  return target.node ?? (instance === null ? null : withoutPort(instance));
}

/** The host itself; null where its name is not known. */
export function hostSubject(labels: Labels, target: Target): ResourceSubject | null {
  const node = nodeOf(labels, target);
  return node === null ? null : { kind: 'host', id: node, node, index: null, model: null };
}

/** An accelerator by its UUID, or else by node and index; a partition is a subject of its own. */
export function acceleratorSubject(
  labels: Labels,
  target: Target,
  names: { uuid: string[]; index: string[]; model: string[]; instance?: string[] },
): ResourceSubject | null {
  const node = nodeOf(labels, target);
  const uuid = firstLabel(labels, names.uuid);
  const index = firstLabel(labels, names.index);
  const device = uuid ?? (node === null || index === null ? null : `${node}/${index}`);
  if (device === null) return null;
  const instance = firstLabel(labels, names.instance ?? []);
  return {
    kind: 'accelerator',
    id: instance === null ? device : `${device}/${instance}`,
    node,
    index,
    model: firstLabel(labels, names.model),
  };
}

/** An inference engine: one process (or rank) of it on a node. */
export function engineSubject(
  labels: Labels,
  target: Target,
  names: { model: string[]; rank: string[] },
): ResourceSubject {
  const node = nodeOf(labels, target);
  const model = firstLabel(labels, names.model);
  const rank = firstLabel(labels, names.rank);
  const id = [node ?? target.source, model, rank].filter((one) => one !== null).join('/');
  return { kind: 'engine', id, node, index: rank, model };
}
