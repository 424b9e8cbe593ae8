import { toCalendar } from './to-calendar.ts';
import { toCsv } from './to-csv.ts';
import { toMarkdown } from './to-markdown.ts';
import type { RoadmapView } from './roadmap-view.ts';

export const exportFormats = ['md', 'csv', 'ics'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Media type and file ending of each form. */
export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
};

/** A roadmap as text for people, tables and calendars. */
export function exportRoadmap(view: RoadmapView, format: ExportFormat): string {
  switch (format) {
    case 'md':
      return toMarkdown(view);
    case 'csv':
      return toCsv(view);
    case 'ics':
      return toCalendar(view);
  }
}
