import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Loading, Notice } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import type { Column } from './columns.ts';
import { deviceRows, subjectName, type DeviceRow, type Resources } from './device-rows.ts';
import { ResourceMap } from './resource-map.tsx';
import { ResourceTable } from './resource-table.tsx';
import { stepOf } from './step-of.ts';

interface ResourcePanelProps {
  id: string;
  title: string;
  kind: 'accelerator' | 'host' | 'engine';
  columns: readonly Column[];
  since: string;
  /** What to set up where nothing is measured. */
  empty: ReactNode;
  /** A map over time under the table. */
  map?: boolean;
  children?: (rows: DeviceRow[], resources: Resources) => ReactNode;
}

/** What devices of one kind did over the window: a table, and a map of them over time. */
export function ResourcePanel(props: ResourcePanelProps) {
  const { id, title, kind, columns, since } = props;
  const { client } = useApp();
  const metrics = [...new Set(columns.map((column) => column.metric))].join(',');
  const ask = { since, kind, metrics, stepMs: stepOf(since) };
  const { data, error, dataUpdatedAt } = useQuery(getQuery(client, 'resources', ask));
  return (
    <Panel id={id} level={2} title={title}>
      <Failure
        what={title.toLowerCase()}
        error={error}
        shownSinceMs={data === undefined ? null : dataUpdatedAt}
      />
      {data === undefined && error === null ? <Loading what={title.toLowerCase()} /> : null}
      {data === undefined ? null : <Devices {...props} resources={data} />}
    </Panel>
  );
}

function Devices({ resources, ...props }: ResourcePanelProps & { resources: Resources }) {
  const rows = deviceRows(resources.series);
  return (
    <>
      <Silent silent={resources.silent} />
      {rows.length === 0 ? (
        <div className="text-sm text-ink-2">{props.empty}</div>
      ) : (
        <ResourceTable label={props.title} rows={rows} columns={props.columns} />
      )}
      {rows.length > 0 && props.map === true ? (
        <ResourceMap
          label={props.title}
          rows={rows}
          columns={props.columns}
          resources={resources}
        />
      ) : null}
      {rows.length === 0 ? null : props.children?.(rows, resources)}
    </>
  );
}

/** Silent is not idle: nobody knows what they did. */
function Silent({ silent }: { silent: Resources['silent'] }) {
  if (silent.length === 0) return null;
  const names = silent
    .slice(0, 6)
    .map(({ subject, lastMs }) => `${subjectName(subject)} (last ${formatDateTime(lastMs)})`);
  const more = silent.length > names.length ? ` and ${silent.length - names.length} more` : '';
  return (
    <Notice tone="warn" title={`${silent.length} gone silent; what they did is unknown`}>
      {names.join(', ')}
      {more}
    </Notice>
  );
}
