import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ServiceAnswer } from '../api/types.ts';
import { formatCompact, formatShare, formatWh } from '../format.ts';
import { BasisTag, Value } from '../ui/value.tsx';
import { answerId } from './answer-id.ts';

/** How much there was: requests by their end, tokens, availability, energy. One dense line. */
export function RequestFacts({ answer }: { answer: ServiceAnswer }) {
  const { requests, availability, energy, service } = answer;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-3 xl:grid-cols-6">
      <Fact label="Requests">
        <Link
          to="/requests"
          search={(search) => ({
            ...(search.since === undefined ? {} : { since: search.since }),
            service: answer.service,
          })}
          className="font-semibold text-accent hover:underline"
        >
          <Value
            value={requests.total}
            format={formatCompact}
            testId={answerId(service, 'requests')}
          />
        </Link>
      </Fact>
      <Fact label="Not succeeded" note={notSucceeded(requests)}>
        <Value
          value={requests.failed + requests.rejected + requests.aborted}
          format={formatCompact}
          testId={answerId(service, 'not-succeeded')}
          className="font-semibold"
        />
      </Fact>
      <Fact label="Availability" note={availabilityNote(availability)}>
        <Value
          value={availability.actual}
          format={formatShare}
          testId={answerId(service, 'availability')}
          className={`font-semibold ${availability.met === false ? 'text-bad' : ''}`}
        />
      </Fact>
      <Fact label="Retried">
        <Value value={requests.retried} format={formatCompact} className="font-semibold" />
      </Fact>
      <Fact label="Tokens in / out" note={estimatedNote(requests.usageEstimated)}>
        <span className="font-semibold whitespace-nowrap">
          {formatCompact(requests.tokensIn)} / {formatCompact(requests.tokensOut)}
        </span>
      </Fact>
      <Fact label="Energy" note={<BasisTag basis={energy.basis} />}>
        <Value
          value={energy.energyWh}
          format={formatWh}
          testId={answerId(service, 'energy-wh')}
          className="font-semibold"
        />
      </Fact>
    </dl>
  );
}

function Fact({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col bg-panel px-3 py-1.5">
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="text-sm">{children}</dd>
      {note === undefined || note === null ? null : <dd className="text-2xs text-ink-3">{note}</dd>}
    </div>
  );
}

function notSucceeded(requests: ServiceAnswer['requests']): string | null {
  const parts = [
    [requests.failed, 'failed'],
    [requests.rejected, 'rejected'],
    [requests.aborted, 'aborted'],
  ] as const;
  const said = parts.filter(([count]) => count > 0);
  if (said.length === 0) return null;
  return said.map(([count, word]) => `${formatCompact(count)} ${word}`).join(', ');
}

function availabilityNote({ target, met }: ServiceAnswer['availability']): string {
  if (target === null) return 'no target set';
  const word = met === null ? 'not checked' : met ? 'met' : 'missed';
  return `target ${formatShare(target)}, ${word}`;
}

const estimatedNote = (count: number): string | null =>
  count === 0 ? null : `${formatCompact(count)} requests estimated`;
