import type { ActionView, RoadmapView } from './roadmap-view.ts';

const DAY_MS = 86_400_000;
/** Content lines have at most 75 octets before they are folded (RFC 5545 section 3.1). */
const MAX_OCTETS = 75;

/**
 * A roadmap as iCalendar (RFC 5545): a whole-day event on the due day of each action that is not closed. Events
 * rather than to-dos, since many calendars show no to-dos; the UID is the action's, so that an import again moves it.
 */
export function toCalendar(view: RoadmapView): string {
  const events = view.actions
    .filter((one) => one.state !== 'closed')
    .flatMap((one) => eventOf(one, view));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tailrace//Roadmap//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function eventOf(one: ActionView, view: RoadmapView): string[] {
  const scope = view.service ?? 'organisation';
  const wait = one.blockedBy === null ? '' : `\nNot yet: needs ${one.blockedBy}.`;
  const exposed = one.exposedUsd === null ? 'unknown' : `$${Math.round(one.exposedUsd)} in 30 days`;
  const description = [
    one.fix + wait,
    `Owner: ${one.owner}. Effort: ${one.effortDays} days. Spend exposed: ${exposed}.`,
    `Proof: ${one.proof}`,
  ].join('\n');
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(`${one.id}.${scope}`)}@tailrace`,
    `DTSTAMP:${stamp(view.generatedAtMs)}`,
    `DTSTART;VALUE=DATE:${date(one.dueAtMs)}`,
    `DTEND;VALUE=DATE:${date(one.dueAtMs + DAY_MS)}`,
    `SUMMARY:${escaped(one.title)}`,
    `DESCRIPTION:${escaped(description)}`,
    `CATEGORIES:${escaped(one.categoryName)}`,
    `STATUS:${one.state === 'closing' ? 'TENTATIVE' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
const stamp = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** TEXT values (RFC 5545 section 3.3.11); other control characters are not allowed at all. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(';', '\\;')
    .replaceAll(',', '\\,')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/[^\P{Cc}\t]/gu, '');
}

/** Breaks between characters, never inside of one, as some readers unfold bytes. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > MAX_OCTETS) {
      parts.push(part);
      part = '';
      octets = 1; // the space that the next line begins with
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}
