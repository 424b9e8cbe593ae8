import { useNavigate, useSearch } from '@tanstack/react-router';
import { TraceList } from './trace-list.tsx';
import { TraceWorkspace } from './trace-workspace.tsx';

/** Profiler traces: what was brought, and the timeline of those that are open. */
export function TracesPage() {
  const navigate = useNavigate({ from: '/traces' });
  const { open } = useSearch({ from: '/traces' });
  const ids = open === undefined ? [] : open.split(',');
  return (
    <>
      <h1 className="text-lg font-semibold">Traces</h1>
      <TraceList
        key={open}
        open={ids}
        onOpen={(next) => {
          void navigate({ search: (former) => ({ ...former, open: next.join() }) });
        }}
      />
      {ids.length === 0 ? null : <TraceWorkspace ids={ids} />}
    </>
  );
}
