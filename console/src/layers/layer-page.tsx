import { useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ClustersPanel } from '../clusters/clusters-panel.tsx';
import { findLayer, type LayerId } from '../layers.ts';
import { DEFAULT_SINCE } from '../search.ts';
import { NotFound } from '../shell/not-found.tsx';
import { ComputeLayer } from './compute-layer.tsx';
import { FacilitiesLayer } from './facilities-layer.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { LayerConditions } from './layer-conditions.tsx';
import { NetworkingLayer } from './networking-layer.tsx';
import { OccupancyPanel } from './occupancy-panel.tsx';
import { ServingLayer } from './serving-layer.tsx';
import { SourcesPanel } from './sources-panel.tsx';
import { StorageLayer } from './storage-layer.tsx';

/** What is measured of each layer. */
const MEASURED: Record<LayerId, (since: string) => ReactNode> = {
  facilities: (since) => <FacilitiesLayer since={since} />,
  compute: (since) => <ComputeLayer since={since} />,
  networking: (since) => <NetworkingLayer since={since} />,
  storage: (since) => <StorageLayer since={since} />,
  orchestration: (since) => (
    <>
      <ClustersPanel since={since} />
      <OccupancyPanel since={since} />
    </>
  ),
  data: () => (
    <p className="text-sm text-ink-2">
      Lineage of models and the checks of pipelines are not collected by the platform yet; documents
      stand in for them.
    </p>
  ),
  serving: (since) => <ServingLayer since={since} />,
  observability: () => <SourcesPanel />,
  security: () => <KeysPanel />,
};

/** One layer of the system: its question, and what answers it. */
export function LayerPage() {
  const { layer: id } = useParams({ from: '/layers/$layer' });
  const search = useSearch({ from: '/layers/$layer' });
  const layer = findLayer(id);
  if (layer === null) return <NotFound />;
  const since = search.since ?? DEFAULT_SINCE;
  return (
    <>
      <div>
        <h1 className="text-lg font-semibold">{layer.label}</h1>
        <p className="text-sm text-ink-2">{layer.question}</p>
      </div>
      {MEASURED[layer.id](since)}
      <LayerConditions layer={layer.id} />
    </>
  );
}
