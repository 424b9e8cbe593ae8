import { useQuery } from '@tanstack/react-query';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatMs, formatNoun, formatShare } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge } from '../ui/badge.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Cluster } from './cluster-shapes.ts';
import { ClusterStrip } from './cluster-strip.tsx';
import { StateTable, WaiterTable, WasteList } from './cluster-tables.tsx';

/** Live clusters: what their cards do and did, who waits, and what to change. */
export function ClustersPanel({ since }: { since: string }) {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'clusters', { since }));
  return (
    <>
      <Failure what="the clusters" error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what="the clusters" /> : null}
      {data?.clusters.length === 0 ? <NoCluster /> : null}
      {data?.clusters.map((one) => (
        <ClusterPanel key={one.name} cluster={one} nowMs={data.window.toMs} />
      ))}
    </>
  );
}

function NoCluster() {
  return (
    <Panel id="clusters" level={2} title="Live clusters">
      <p className="text-sm text-ink-2">
        None is configured. Name a Kubernetes or Slurm cluster under{' '}
        <code className="font-mono text-xs">clusters:</code> of tailrace.yaml;{' '}
        <code className="font-mono text-xs">tailrace cluster rbac</code> prints the rights it needs.
      </p>
    </Panel>
  );
}

function ClusterPanel({ cluster, nowMs }: { cluster: Cluster; nowMs: number }) {
  const { name, up, lastReadMs, lastError, check } = cluster;
  const cards = check?.gpus ?? 0;
  const held = check === null || cards === 0 ? null : check.allocatedGpus / cards;
  return (
    <Panel id={`cluster-${name}`} level={2} title={`Cluster ${name}`}>
      <p className="text-sm text-ink-2" data-testid="cluster" data-value={name}>
        {up ? <Badge tone="good">read</Badge> : <Badge tone="bad">not read</Badge>}{' '}
        {lastReadMs === null
          ? 'never read yet'
          : `${formatMs(Math.max(0, nowMs - lastReadMs))} ago`}
        {check === null
          ? null
          : `; ${formatNoun(check.nodes, 'node')}, ${formatNoun(Math.round(cards), 'card')}, ` +
            `${formatShare(held)} allocated, ${check.waiting} waiting`}
        {lastError === null ? null : <span className="ms-1.5 text-bad">{lastError.message}</span>}
      </p>
      {check === null ? null : (
        <>
          <ClusterStrip cluster={cluster} />
          <StateTable cluster={cluster} />
          <h3 className="pt-2 text-sm font-semibold">Who waits</h3>
          <WaiterTable cluster={cluster} nowMs={nowMs} />
          <h3 className="pt-2 text-sm font-semibold">What to change</h3>
          <WasteList cluster={cluster} />
        </>
      )}
    </Panel>
  );
}
