import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { requestQuery } from '../api/queries.ts';
import type { RequestRecord } from '../api/types.ts';
import { useApp } from '../app-context.ts';
import { formatDateTime } from '../format.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge, SimulatedBadge } from '../ui/badge.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { OUTCOME_WORDS } from '../words.ts';
import { Attempts } from './attempts.tsx';
import { RecordFields } from './record-fields.tsx';
import { Waterfall } from './waterfall.tsx';

/** One request: where its time went, and all that its record says. */
export function RequestPage() {
  const { client } = useApp();
  const { id } = useParams({ from: '/requests/$id' });
  const search = useSearch({ from: '/requests/$id' });
  const { data, error } = useQuery(requestQuery(client, id));
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          to="/requests"
          search={search}
          data-screen-only
          className="text-sm text-accent hover:underline"
        >
          Requests
        </Link>
        <h1 className="text-base font-semibold break-all">
          Request <span className="font-mono text-sm font-normal">{id}</span>
        </h1>
        {data === undefined ? null : <HeadFacts record={data} />}
      </div>
      <Failure what="the request" error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what="the request" /> : null}
      {data === undefined ? null : <RequestDetail record={data} />}
    </>
  );
}

function HeadFacts({ record }: { record: RequestRecord }) {
  const { label, tone } = OUTCOME_WORDS[record.outcome];
  return (
    <>
      <Badge tone={tone}>
        {label} {record.status}
      </Badge>
      {record.errorCode === null ? null : (
        <code className="font-mono text-xs text-bad">{record.errorCode}</code>
      )}
      <SimulatedBadge simulated={record.simulated ? 'all' : 'none'} />
      <span className="text-xs text-ink-2">{formatDateTime(record.startedAtMs)}</span>
    </>
  );
}

function RequestDetail({ record }: { record: RequestRecord }) {
  return (
    <>
      <Panel level={2} id="phases" title="Where the time went">
        <Waterfall record={record} />
      </Panel>
      <Panel level={2} id="attempts" title="Attempts">
        <Attempts attempts={record.attempts} />
      </Panel>
      <RecordFields record={record} />
      {record.content === null ? null : <Content content={record.content} />}
    </>
  );
}

function Content({ content }: { content: NonNullable<RequestRecord['content']> }) {
  return (
    <Panel level={2} id="content" title="Stored content">
      <p className="text-xs text-ink-3">
        Redacted before it was written{content.truncated ? '; cut at the size limit' : ''}.
      </p>
      {[
        { name: 'Prompt', text: content.prompt },
        { name: 'Output', text: content.output },
      ].map(({ name, text }) => (
        <div key={name}>
          <h4 className="mb-1 text-xs font-medium text-ink-2">{name}</h4>
          {text === null ? (
            <p className="text-xs text-ink-3">not stored</p>
          ) : (
            <pre
              tabIndex={0}
              className="max-h-96 overflow-auto rounded bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap"
            >
              {text}
            </pre>
          )}
        </div>
      ))}
    </Panel>
  );
}
