import { useQuery } from '@tanstack/react-query';
import { getQuery, type ReplyOf } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatCount, formatMs, formatTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';

type Sources = ReplyOf<'sources'>;

/** Whether what the other pages show is still being read, and what was not taken in. */
export function SourcesPanel() {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'sources', {}));
  return (
    <Panel id="sources" level={2} title="Sources of telemetry">
      <Failure what="the sources" error={error} shownSinceMs={null} />
      {data?.sources.length === 0 ? (
        <p className="text-sm text-ink-2">
          None is configured and nothing was pushed. Name exporters under{' '}
          <code className="font-mono text-xs">sources:</code> of tailrace.yaml, or push OTLP or
          remote-write to this address.
        </p>
      ) : null}
      {data === undefined || data.sources.length === 0 ? null : <Table sources={data} />}
    </Panel>
  );
}

function Table({ sources }: { sources: Sources }) {
  return (
    <>
      <ScrollTable label="Sources of telemetry">
        <thead>
          <tr>
            <HeadCell>Source</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell numeric>Last read</HeadCell>
            <HeadCell numeric>Reads</HeadCell>
            <HeadCell numeric>Failed</HeadCell>
            <HeadCell numeric>Clock ahead</HeadCell>
            <HeadCell>Not taken in</HeadCell>
          </tr>
        </thead>
        <tbody>
          {sources.sources.map((one) => (
            <tr key={`${one.source} ${one.target}`} data-testid="source" data-value={one.source}>
              <RowHead>
                {one.source} <span className="font-normal text-ink-3">{one.target}</span>
              </RowHead>
              <Cell>
                {one.up ? <Badge tone="good">up</Badge> : <Badge tone="bad">down</Badge>}
                {one.up || one.lastError === null ? null : (
                  <span className="ms-1.5 text-bad">{one.lastError.message}</span>
                )}
              </Cell>
              <Cell numeric>{one.lastReadMs === null ? 'never' : formatTime(one.lastReadMs)}</Cell>
              <Cell numeric>{formatCount(one.reads)}</Cell>
              <Cell numeric>{formatCount(one.failures)}</Cell>
              <Cell numeric>{one.clockAheadMs === null ? '' : formatSkew(one.clockAheadMs)}</Cell>
              <Cell>{leftOut(one.counts)}</Cell>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p className="text-xs text-ink-3">
        {formatCount(sources.seriesMapped)} series are kept; {formatCount(sources.lateSamples)}{' '}
        samples came too late, {formatCount(sources.lostMinutes)} minutes were lost to the disk.
      </p>
    </>
  );
}

const formatSkew = (ms: number): string => (ms < 0 ? `-${formatMs(-ms)}` : formatMs(ms));

/** `12 unmapped, 1 implausible`; what was kept is not named. */
const leftOut = (counts: Sources['sources'][number]['counts']): string =>
  Object.entries(counts)
    .filter(([name, count]) => count > 0 && name !== 'used' && name !== 'first')
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(', ');
