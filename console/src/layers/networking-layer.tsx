import { ProbePanel } from '../probes/probe-panel.tsx';
import { HOST_NETWORK, LINKS } from '../resources/columns.ts';
import { ResourcePanel } from '../resources/resource-panel.tsx';
import { SourceHint } from './source-hint.tsx';

/** What links carry, and what the path between machines gives. */
export function NetworkingLayer({ since }: { since: string }) {
  return (
    <>
      <ProbePanel kind="network" command="tailrace probe network --to HOST:PORT" />
      <ResourcePanel
        id="links"
        title="Links of accelerators"
        kind="accelerator"
        columns={LINKS}
        since={since}
        empty={<SourceHint>DCGM&rsquo;s profiling fields carry NVLink and PCIe bytes.</SourceHint>}
      />
      <ResourcePanel
        id="host-network"
        title="Links of hosts"
        kind="host"
        columns={HOST_NETWORK}
        since={since}
        empty={
          <SourceHint>
            Add a source of kind <code>host</code>, or a node_exporter.
          </SourceHint>
        }
      />
    </>
  );
}
