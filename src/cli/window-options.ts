import type { Option } from './command.ts';

/** `--since` and `--until`, as `parseWindow` reads them. */
export const windowOptions = (since: string) =>
  ({
    since: {
      type: 'string',
      value: since,
      description: `start: a duration before now, or an ISO time (default ${since})`,
    },
    until: {
      type: 'string',
      value: 'TIME',
      description: 'end: a duration before now, or an ISO time (default now)',
    },
  }) satisfies Record<string, Option>;
