import { FACILITIES, HOST_POWER } from '../resources/columns.ts';
import { ResourcePanel } from '../resources/resource-panel.tsx';
import { SourceHint } from './source-hint.tsx';

/** What draws power now, and where power or heat holds accelerators down. */
export function FacilitiesLayer({ since }: { since: string }) {
  return (
    <>
      <ResourcePanel
        id="power"
        title="Power and heat of accelerators"
        kind="accelerator"
        columns={FACILITIES}
        since={since}
        map
        empty={<SourceHint>Any accelerator exporter carries power.</SourceHint>}
      />
      <ResourcePanel
        id="host-power"
        title="Power of hosts"
        kind="host"
        columns={HOST_POWER}
        since={since}
        empty={
          <SourceHint>
            Kepler, or a source of kind <code>host</code> that may read RAPL, measures it.
          </SourceHint>
        }
      />
      <p className="text-xs text-ink-3">
        Whether a plan fits feeds, racks and cooling, and on which date growth runs out:{' '}
        <code className="font-mono">tailrace plan facility</code>.
      </p>
    </>
  );
}
