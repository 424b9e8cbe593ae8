import { useQuery } from '@tanstack/react-query';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';

function mayUse(key: { admin: boolean; ingest: boolean; services: string[] }): string {
  if (key.ingest) return 'pushing telemetry, nothing else';
  if (key.admin) return 'everything (admin)';
  return key.services.length === 0 ? 'every service' : key.services.join(', ');
}

/** Who may do what: the keys of this instance, without their secrets. */
export function KeysPanel() {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'keys', {}));
  return (
    <Panel id="keys" level={2} title="Keys">
      <Failure what="the keys" error={error} shownSinceMs={null} />
      {data === undefined ? null : (
        <ScrollTable label="Keys">
          <thead>
            <tr>
              <HeadCell>Name</HeadCell>
              <HeadCell>May use</HeadCell>
              <HeadCell>Tenant</HeadCell>
              <HeadCell>State</HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.keys.map((key) => (
              <tr key={key.id} data-testid="key">
                <RowHead>{key.name}</RowHead>
                <Cell>{mayUse(key)}</Cell>
                <Cell>{key.tenant ?? ''}</Cell>
                <Cell>
                  {key.revokedAtMs === null ? (
                    <Badge tone="good">active</Badge>
                  ) : (
                    <Badge tone="neutral">revoked</Badge>
                  )}
                </Cell>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}
