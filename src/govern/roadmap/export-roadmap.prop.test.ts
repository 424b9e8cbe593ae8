import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { exportRoadmap } from './export-roadmap.ts';
import type { ActionView, RoadmapView } from './roadmap-view.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;

/** Text as hostile as people and criteria can make it; control characters are tried by themselves. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
  fc.constantFrom(
    '=HYPERLINK("http://evil")',
    'a,b;c\\d\ne',
    '"quoted", "twice"',
    'BEGIN:VEVENT\r\nEND:VCALENDAR',
    '| a | <script>alert(1)</script>',
    'ü'.repeat(100),
    '👩‍👩‍👧'.repeat(20),
  ),
);

const action = fc
  .record({ title: text, fix: text, owner: text, days: fc.integer({ min: 0, max: 90 }) })
  .map(({ title, fix, owner, days }): ActionView => ({
    id: 'serving.attainment',
    condition: 'serving.attainment',
    category: 'serving',
    categoryName: 'Serving',
    title,
    fix,
    role: 'serving',
    owner,
    effortDays: 3,
    exposedUsd: null,
    points: 0.5,
    priority: null,
    proof: '/api/v1/answers',
    needs: [],
    state: 'open',
    openedAtMs: NOW_MS,
    sinceMs: NOW_MS,
    closesAtMs: null,
    startDay: 0,
    dueDay: days,
    dueAtMs: NOW_MS + days * DAY_MS,
    overdue: false,
    period: 30,
    blockedBy: null,
    reason: 'because',
    layers: ['serving'],
  }));
const roadmap = fc.array(action, { maxLength: 5 }).map((actions): RoadmapView => ({
  generatedAtMs: NOW_MS,
  service: null,
  role: null,
  roles: [],
  actions,
}));

/** What RFC 5545 can carry: line ends are one form, other control characters none. */
const carried = (value: string): string =>
  value.replaceAll(/\r\n|\r|\n/g, '\n').replaceAll(/[^\P{Cc}\t\n]/gu, '');

describe('a roadmap', () => {
  test('as iCalendar is read back by another reader, folded at 75 octets', () => {
    fc.assert(
      fc.property(roadmap, (view) => {
        const ics = exportRoadmap(view, 'ics');
        for (const line of ics.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        }
        const calendar = new ICAL.Component(ICAL.parse(ics) as unknown[]);
        const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
        expect(events.map((one) => one.summary)).toEqual(
          view.actions.map((one) => carried(one.title)),
        );
        events.forEach((one, i) => {
          const dueAtMs = view.actions[i]?.dueAtMs ?? 0;
          expect(one.startDate.toString()).toBe(new Date(dueAtMs).toISOString().slice(0, 10));
          expect(one.description).toContain(carried(view.actions[i]?.fix ?? ''));
        });
      }),
    );
  });

  test('as CSV is read back by another reader, and no cell is a formula', () => {
    fc.assert(
      fc.property(roadmap, (view) => {
        const csv = exportRoadmap(view, 'csv');
        const rows: Array<Record<string, string>> = parse(csv, { columns: true });
        expect(rows.map((row) => row['title']?.replace(/^'(?=[=+\-@\t\r])/, ''))).toEqual(
          view.actions.map((one) => one.title),
        );
        for (const cell of rows.flatMap((row) => Object.values(row))) {
          expect(/^[=+\-@]/.test(cell) && Number.isNaN(Number(cell))).toBe(false);
        }
      }),
    );
  });

  test('as Markdown keeps one line for each action, and no markup of others', () => {
    fc.assert(
      fc.property(roadmap, (view) => {
        const lines = exportRoadmap(view, 'md').split('\n');
        expect(lines.filter((line) => /^\| \d{4}-/.test(line))).toHaveLength(view.actions.length);
        expect(lines.some((line) => /(?<!\\)<script/.test(line))).toBe(false);
      }),
    );
  });
});
