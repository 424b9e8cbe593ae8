import { formatDateTime, formatShare } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { GRADES, ROLE_WORDS, STATES, type Condition, type Evidence } from './score-shapes.ts';

/** One condition: its state and why; behind it the evidence, best first. */
export function ConditionItem({ condition }: { condition: Condition }) {
  const state = STATES[condition.state];
  return (
    <Disclosure
      testId="condition"
      value={condition.id}
      summary={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
          <span className="min-w-48 flex-1">
            {condition.title} <span className="text-xs text-ink-3">({condition.threshold})</span>
          </span>
          {condition.contradicted ? <Badge tone="bad">contradicted</Badge> : null}
          <span className="text-2xs text-ink-3" title={GRADES[condition.grade]}>
            E{condition.grade} of E{condition.neededGrade}
          </span>
          <span data-testid={`condition-${condition.id}`} data-value={condition.state}>
            <Badge tone={state.tone}>{state.label}</Badge>
          </span>
        </span>
      }
    >
      <p className="text-xs text-ink-2">{condition.reason}</p>
      {condition.shippedThreshold === null ? null : (
        <p className="text-xs text-warn">
          The threshold is your own; shipped is {condition.shippedThreshold}.
        </p>
      )}
      {condition.notApplicable === null ? null : (
        <p className="text-xs text-ink-2">
          {condition.notApplicable.owner} says that it does not apply:{' '}
          {condition.notApplicable.reason} (until{' '}
          {formatDateTime(condition.notApplicable.expiresAtMs)})
        </p>
      )}
      {condition.state === 'met' ? null : (
        <p className="text-xs">
          <strong>Do:</strong> {condition.fix}{' '}
          <span className="text-ink-3">({ROLE_WORDS[condition.role]})</span>
        </p>
      )}
      {condition.evidence.length === 0 ? (
        <p className="text-xs text-ink-3 italic">no evidence</p>
      ) : (
        <EvidenceTable label={condition.title} evidence={condition.evidence} />
      )}
    </Disclosure>
  );
}

function EvidenceTable({ label, evidence }: { label: string; evidence: readonly Evidence[] }) {
  return (
    <ScrollTable label={`Evidence: ${label}`}>
      <thead>
        <tr>
          <HeadCell>Evidence</HeadCell>
          <HeadCell numeric>Figure</HeadCell>
          <HeadCell>Grade now</HeadCell>
          <HeadCell numeric>Covered</HeadCell>
          <HeadCell>Of</HeadCell>
          <HeadCell>Until</HeadCell>
          <HeadCell>How to find it again</HeadCell>
        </tr>
      </thead>
      <tbody>
        {evidence.map((one) => (
          <tr key={one.id} data-testid="evidence">
            <RowHead className="min-w-48 font-normal">
              {one.statement}{' '}
              <span className="text-ink-3">
                ({one.source}, {one.owner})
              </span>{' '}
              {one.simulated ? <Badge tone="sim">SIMULATED</Badge> : null}
            </RowHead>
            <Cell numeric>{one.figure}</Cell>
            <Cell className="whitespace-nowrap">
              E{one.gradeNow} {GRADES[one.gradeNow]}
              {one.gradeNow < one.grade ? ` (was E${one.grade})` : ''}
            </Cell>
            <Cell numeric>{one.coverage === null ? '' : formatShare(one.coverage)}</Cell>
            <Cell className="whitespace-nowrap">{formatDateTime(one.atMs)}</Cell>
            <Cell className={`whitespace-nowrap ${one.expired ? 'text-bad' : ''}`}>
              {one.expired ? 'expired ' : ''}
              {formatDateTime(one.expiresAtMs)}
            </Cell>
            <Cell className="font-mono text-2xs break-all">{one.query}</Cell>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
