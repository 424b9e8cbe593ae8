import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { GET_KEY } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { formatDate, formatNoun, formatUsd } from '../format.ts';
import { ROLE_WORDS, type Action } from '../scorecard/score-shapes.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { TextField } from '../ui/field.tsx';
import { Value } from '../ui/value.tsx';

const STATES: Record<Action['state'], { label: string; tone: Tone }> = {
  open: { label: 'open', tone: 'neutral' },
  reopened: { label: 'reopened', tone: 'bad' },
  closing: { label: 'closing', tone: 'good' },
  closed: { label: 'closed', tone: 'good' },
};

/** One action: what it brings and costs; behind it how, by whom, and how to see that it is done. */
export function ActionItem({ action }: { action: Action }) {
  return (
    <li className="border-t border-line first:border-t-0">
      <Disclosure testId="action" value={action.id} summary={<Summary action={action} />}>
        <p className="text-xs">
          <strong>Do:</strong> {action.fix}
        </p>
        <p className="text-xs text-ink-2">{action.reason}</p>
        <p className="text-xs text-ink-2">
          <strong>Done when:</strong> <span className="font-mono text-2xs">{action.proof}</span>
        </p>
        {action.needs.length === 0 ? null : (
          <p className="text-xs text-ink-2">
            <strong>First:</strong> {action.needs.join(', ')}
          </p>
        )}
        {action.blockedBy === null ? null : (
          <p className="text-xs text-warn">
            <strong>Blocked:</strong> {action.blockedBy}
          </p>
        )}
        <Owner action={action} />
        <Link
          to="/scorecard"
          search={{ category: action.category }}
          className="text-xs text-accent underline"
        >
          {action.categoryName}
        </Link>
      </Disclosure>
    </li>
  );
}

function Summary({ action }: { action: Action }) {
  const state = STATES[action.state];
  return (
    <span className="block">
      <span className="flex flex-wrap items-start gap-x-2">
        <span className="min-w-0 flex-1 text-sm font-medium">{action.title}</span>
        {action.overdue ? <Badge tone="bad">overdue</Badge> : null}
        {action.state === 'open' ? null : <Badge tone={state.tone}>{state.label}</Badge>}
      </span>
      <span className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-ink-2">
        <span>+{formatNoun(action.points, 'point')}</span>
        <span>{formatNoun(action.effortDays, 'day')}</span>
        <span>
          <Value value={action.exposedUsd} format={formatUsd} testId={`exposed-${action.id}`} />{' '}
          exposed
        </span>
        <span className="text-ink-3">
          {ROLE_WORDS[action.role]}, {action.owner}, due {formatDate(action.dueAtMs)}
        </span>
      </span>
    </span>
  );
}

function Owner({ action }: { action: Action }) {
  const { client } = useApp();
  const queries = useQueryClient();
  const { service } = useSearch({ from: '/roadmap' });
  const assign = useMutation({
    mutationFn: (owner: string) => {
      const body = { action: action.id, service: service ?? null, owner };
      return client.send('POST', 'roadmap/owners', body, AbortSignal.timeout(20_000));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [GET_KEY, 'roadmap'] }),
  });
  return (
    <div data-screen-only className="max-w-56">
      <TextField
        label={`Owner of ${action.id}`}
        value={action.owner}
        maxLength={200}
        onCommit={(owner) => {
          if (owner !== '') assign.mutate(owner);
        }}
      />
      {assign.error === null ? null : (
        <p role="alert" className="text-xs text-bad">
          {assign.error.message}
        </p>
      )}
    </div>
  );
}
