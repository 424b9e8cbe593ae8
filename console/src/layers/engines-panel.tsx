import { useQuery } from '@tanstack/react-query';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatCount, formatMean, formatMs, formatShare, formatWh } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { SimulatedBadge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';

/** Use of each configured engine over the window, as the gateway sampled it. */
export function EnginesPanel({ since }: { since: string }) {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'engines', { since }));
  return (
    <Panel id="engines" level={2} title="Engines behind the gateway">
      <Failure what="the engines" error={error} shownSinceMs={null} />
      {data === undefined ? null : (
        <ScrollTable label="Engines behind the gateway">
          <thead>
            <tr>
              <HeadCell>Engine</HeadCell>
              <HeadCell numeric>Sampled</HeadCell>
              <HeadCell numeric>Busy</HeadCell>
              <HeadCell numeric>Running</HeadCell>
              <HeadCell numeric>Waiting</HeadCell>
              <HeadCell numeric>KV cache</HeadCell>
              <HeadCell numeric>Preemptions</HeadCell>
              <HeadCell numeric>Energy</HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.engines.map((one) => (
              <tr key={one.engine} data-testid="engine">
                <RowHead>
                  {one.engine} <SimulatedBadge simulated={one.simulated ? 'all' : 'none'} />
                </RowHead>
                <Cell numeric>{formatMs(one.sampledMs)}</Cell>
                <Cell numeric>
                  <Value
                    value={one.busyShare}
                    format={formatShare}
                    testId={`engine-${one.engine}-busy`}
                  />
                </Cell>
                <Cell numeric>
                  <Value value={one.runningMean} format={formatMean} />
                </Cell>
                <Cell numeric>
                  <Value value={one.waitingMean} format={formatMean} />
                </Cell>
                <Cell numeric>
                  <Value value={one.kvUsageShare} format={formatShare} />
                </Cell>
                <Cell numeric>
                  <Value value={one.preemptions} format={formatCount} />
                </Cell>
                <Cell numeric>
                  <Value value={one.energyWh} format={formatWh} />
                </Cell>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}
