import { ProbePanel } from '../probes/probe-panel.tsx';
import { HOST_STORAGE } from '../resources/columns.ts';
import { ResourcePanel } from '../resources/resource-panel.tsx';
import { SourceHint } from './source-hint.tsx';

/** How many accelerators the storage feeds, and what hosts do with their disks. */
export function StorageLayer({ since }: { since: string }) {
  return (
    <>
      <ProbePanel kind="storage" command="tailrace probe storage FOLDER" />
      <ProbePanel kind="checkpoint" command="tailrace probe storage FOLDER --workload llama3-8b" />
      <ResourcePanel
        id="host-storage"
        title="Disks of hosts"
        kind="host"
        columns={HOST_STORAGE}
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
