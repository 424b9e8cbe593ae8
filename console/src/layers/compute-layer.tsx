import { ProbePanel } from '../probes/probe-panel.tsx';
import { COMPUTE, HOST_CPU } from '../resources/columns.ts';
import { ResourcePanel } from '../resources/resource-panel.tsx';
import { Roofline } from '../resources/roofline-panel.tsx';
import { SourceHint } from './source-hint.tsx';

/** FLOPs, memory bandwidth or memory size: what accelerators and hosts are short of. */
export function ComputeLayer({ since }: { since: string }) {
  return (
    <>
      <ResourcePanel
        id="accelerators"
        title="Accelerators"
        kind="accelerator"
        columns={COMPUTE}
        since={since}
        map
        empty={
          <SourceHint>
            Name a dcgm-exporter or AMD exporter under <code>sources:</code> of tailrace.yaml.
          </SourceHint>
        }
      >
        {(rows) => <Roofline rows={rows} />}
      </ResourcePanel>
      <ResourcePanel
        id="hosts"
        title="Hosts"
        kind="host"
        columns={HOST_CPU}
        since={since}
        empty={
          <SourceHint>
            Add a source of kind <code>host</code>, or a node_exporter.
          </SourceHint>
        }
      />
      <ProbePanel kind="memory" command="tailrace probe memory" />
      <ProbePanel kind="host" command="tailrace probe host" />
    </>
  );
}
