import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorRegistry, fail, TailraceError } from './errors.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(TR_[A-Z_]+)` \| (\d{3}) \| (.+?) \| (.+?) \|$/gm)];

describe('docs/errors.md', () => {
  it('lists every code of the registry once, in its order, with its status and summary', () => {
    const listed = rows.map(([, code, status, summary]) => [code, Number(status), summary]);
    const registered = Object.entries(errorRegistry).map(([code, { status, summary }]) => [
      code,
      status,
      summary,
    ]);
    expect(listed).toEqual(registered);
  });

  it('says what to do about each', () => {
    for (const [, code, , , advice] of rows) expect(advice?.length, code).toBeGreaterThan(20);
  });
});

describe('TailraceError', () => {
  it('carries code, status, field and cause', () => {
    const cause = new Error('why');
    const { error } = fail('TR_QUEUE_FULL', 'full', { field: 'route', cause });
    expect(error).toBeInstanceOf(TailraceError);
    expect(error).toMatchObject({ code: 'TR_QUEUE_FULL', status: 429, field: 'route', cause });
    expect(new TailraceError('TR_INTERNAL', 'x').field).toBeNull();
  });
});
