import type { RequestRecord } from '../api/types.ts';
import { formatCount, formatMs } from '../format.ts';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';

/** Each try at an engine, in order. */
export function Attempts({ attempts }: { attempts: RequestRecord['attempts'] }) {
  if (attempts.length === 0) {
    return <p className="text-xs text-ink-3">No engine was asked.</p>;
  }
  return (
    <ScrollTable label="Attempts">
      <thead>
        <tr>
          <HeadCell>Try</HeadCell>
          <HeadCell>Engine</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>Error</HeadCell>
          <HeadCell numeric>Duration</HeadCell>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt, index) => (
          // A record is immutable: its attempts never move.
          <tr key={index}>
            <RowHead>{formatCount(index + 1)}</RowHead>
            <Cell className="break-all">{attempt.engine}</Cell>
            <Cell>{attempt.status === null ? 'no status came' : attempt.status}</Cell>
            <Cell>
              <span className="font-mono">{attempt.errorCode ?? 'none'}</span>
            </Cell>
            <Cell numeric>{formatMs(attempt.durationMs)}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
