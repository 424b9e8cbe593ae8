import type { ActionView, RoadmapView } from './roadmap-view.ts';

const COLUMNS = [
  'id',
  'category',
  'title',
  'fix',
  'role',
  'owner',
  'state',
  'period_days',
  'start_day',
  'due_date',
  'effort_days',
  'points',
  'exposed_usd',
  'needs',
  'blocked_by',
  'proof',
  'reason',
] as const;

/** A roadmap as CSV (RFC 4180: CRLF, quotes doubled), one row an action. */
export function toCsv({ actions }: RoadmapView): string {
  const rows = [[...COLUMNS], ...actions.map(rowOf)];
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function rowOf(one: ActionView): string[] {
  return [
    one.id,
    one.category,
    one.title,
    one.fix,
    one.role,
    one.owner,
    one.state,
    String(one.period),
    String(one.startDay),
    new Date(one.dueAtMs).toISOString().slice(0, 10),
    String(one.effortDays),
    String(one.points),
    one.exposedUsd === null ? '' : String(one.exposedUsd),
    one.needs.join(' '),
    one.blockedBy ?? '',
    one.proof,
    one.reason,
  ];
}

/** Spreadsheets run cells that begin like a formula (OWASP, CSV injection); an apostrophe makes them text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
