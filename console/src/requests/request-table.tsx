import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RequestRecord } from '../api/types.ts';
import { formatCount, formatDateTime, formatMs, formatUsd } from '../format.ts';
import type { RequestsSearch, Sort } from '../search.ts';
import { Badge, SimulatedBadge } from '../ui/badge.tsx';
import { Value } from '../ui/value.tsx';
import { OUTCOME_WORDS } from '../words.ts';
import type { SearchChange } from './requests-page.tsx';

interface RequestTableProps {
  records: readonly RequestRecord[];
  search: RequestsSearch;
  onChange: (change: SearchChange) => void;
}

/** Columns by importance: the last ones give way on narrow screens; the record shows them all. */
export function RequestTable({ records, search, onChange }: RequestTableProps) {
  if (records.length === 0) {
    return (
      <p className="px-3 py-8 text-center text-xs text-ink-3">No request fits these filters.</p>
    );
  }
  const head = (sort: Sort, label: string, className = '') => (
    <SortHead
      sort={sort}
      label={label}
      numeric={sort !== 'startedAt'}
      search={search}
      onChange={onChange}
      className={className}
    />
  );
  return (
    <div role="group" aria-label="Requests" tabIndex={0} className="overflow-x-auto">
      <table aria-label="Requests" className="w-full border-collapse text-xs">
        <thead>
          <tr className="text-ink-3">
            {head('startedAt', 'Started')}
            <Head>Outcome</Head>
            {head('e2e', 'E2E')}
            {head('ttft', 'TTFT')}
            <Head className="hidden sm:table-cell">Service</Head>
            <Head className="hidden md:table-cell">Engine</Head>
            <Head className="hidden lg:table-cell">Model served</Head>
            <Head className="hidden lg:table-cell">Tenant</Head>
            <Head className="hidden xl:table-cell">Feature</Head>
            <Head className="hidden text-end md:table-cell">Tokens in</Head>
            {head('tokensOut', 'out', 'hidden md:table-cell')}
            {head('cost', 'Usage cost', 'hidden sm:table-cell')}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RequestRow key={record.id} record={record} search={search} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ children, className = '' }: { children: ReactNode; className?: string }) {
  return (
    <th scope="col" className={`px-2 py-1.5 whitespace-nowrap first:ps-3 last:pe-3 ${className}`}>
      {children}
    </th>
  );
}

interface SortHeadProps extends Omit<RequestTableProps, 'records'> {
  sort: Sort;
  label: string;
  /** Stands right, over the ends of its numbers. */
  numeric: boolean;
  className: string;
}

/** Sorts by its column, slowest or newest first; a second press turns the order. */
function SortHead({ sort, label, numeric, search, onChange, className }: SortHeadProps) {
  const active = (search.sort ?? 'startedAt') === sort;
  const ascending = search.order === 'asc';
  const arrow = active ? <span aria-hidden="true">{ascending ? '\u2191' : '\u2193'}</span> : null;
  return (
    <th
      scope="col"
      aria-sort={active ? (ascending ? 'ascending' : 'descending') : 'none'}
      className={`px-2 py-1.5 whitespace-nowrap first:ps-3 last:pe-3 ${numeric ? 'text-end' : ''} ${className}`}
    >
      <button
        type="button"
        onClick={() => {
          onChange({
            sort: sort === 'startedAt' ? undefined : sort,
            order: active && !ascending ? 'asc' : undefined,
          });
        }}
        className={`inline-flex gap-1 hover:text-ink ${active ? 'font-semibold text-ink' : ''}`}
      >
        {numeric ? arrow : null}
        {label}
        {numeric ? null : arrow}
      </button>
    </th>
  );
}

const cell = 'border-t border-line px-2 py-1 whitespace-nowrap first:ps-3 last:pe-3';

function RequestRow({ record, search }: { record: RequestRecord; search: RequestsSearch }) {
  const { label, tone } = OUTCOME_WORDS[record.outcome];
  const name = (value: string | null): ReactNode => value ?? <None />;
  return (
    <tr className="hover:bg-sunken">
      <td className={cell}>
        <Link
          to="/requests/$id"
          params={{ id: record.id }}
          search={search}
          className="text-accent hover:underline"
        >
          <StartedAt atMs={record.startedAtMs} />
        </Link>
      </td>
      <td className={cell}>
        <span className="flex flex-wrap items-center gap-1">
          <Badge tone={tone}>
            {label} {record.status}
          </Badge>
          <SimulatedBadge simulated={record.simulated ? 'all' : 'none'} />
        </span>
      </td>
      <td className={`${cell} text-end font-medium`}>{formatMs(record.latency.e2eMs)}</td>
      <td className={`${cell} text-end`}>
        <Value value={record.latency.ttftMs} format={formatMs} />
      </td>
      <td className={`${cell} hidden sm:table-cell`}>{name(record.service)}</td>
      <td className={`${cell} hidden md:table-cell`}>{name(record.engine)}</td>
      <td className={`${cell} hidden lg:table-cell`}>{name(record.modelServed)}</td>
      <td className={`${cell} hidden lg:table-cell`}>{name(record.tenant)}</td>
      <td className={`${cell} hidden xl:table-cell`}>{name(record.feature)}</td>
      <td className={`${cell} hidden text-end md:table-cell`}>
        <Value value={record.tokens.in} format={formatCount} />
      </td>
      <td className={`${cell} hidden text-end md:table-cell`}>
        <Value value={record.tokens.out} format={formatCount} />
      </td>
      <td className={`${cell} hidden text-end sm:table-cell`}>
        <Value value={record.cost.usageUsd} format={formatUsd} />
      </td>
    </tr>
  );
}

/** On narrow screens the date goes below the time, which leaves room for the figures. */
function StartedAt({ atMs }: { atMs: number }) {
  const [date = '', time = ''] = formatDateTime(atMs).split(' ');
  return (
    <>
      <span className="hidden sm:inline">{date} </span>
      {time}
      <span className="block text-2xs sm:hidden">{date}</span>
    </>
  );
}

/** The record has no such name: a fact, not an unknown. */
function None() {
  return <span className="text-ink-3">none</span>;
}
