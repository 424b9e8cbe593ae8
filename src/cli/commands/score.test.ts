import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { roadmapView } from '../../govern/roadmap/roadmap-view.ts';
import { scoreView } from '../../govern/scorecard/score-view.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

let cli: TestCli;
beforeEach(() => {
  cli = openTestCli({ wallMs: () => 1_800_000_000_000, monoMs: () => 0 });
});
afterEach(() => cli.close());

describe('tailrace score on a fresh install', () => {
  test('prints eight categories and three totals as JSON, and exits 3', async () => {
    const { code, out, err } = await cli.run('score', '--json');
    expect(err).toBe('');
    const view = scoreView.parse(JSON.parse(out));
    expect(view.categories).toHaveLength(8);
    expect(view).toMatchObject({ claimed: 0, proven: 0, simulated: 0 });
    expect(code).toBe(3);
  });

  test('tells people what is proven, what makes late and which questions are open', async () => {
    const { code, out } = await cli.run('score');
    expect(code).toBe(3);
    expect(out).toContain('0 of 16 proven');
    expect(out).toContain('AI spending risk');
    expect(out).toContain('flagged  cost');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('explains a category by name or number, and names the others', async () => {
    const byName = await cli.run('score', '--explain', 'serving');
    expect(byName.out).toContain('serving.attainment');
    expect((await cli.run('score', '--explain', '4')).out).toContain('serving.attainment');
    const wrong = await cli.run('score', '--explain', 'servin');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('did you mean serving?');
  });

  test('writes the report, or says why it cannot', async () => {
    expect((await cli.run('score', '--report', 'card.html')).code).toBe(3);
    const page = readFileSync(join(cli.dir, 'card.html'), 'utf8');
    expect(page).toContain('<!doctype html>');
    expect(page).toContain('0<small> of 16 proven');
    const refused = await cli.run('score', '--report', 'no/such/folder/card.html');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('TR_EXPORT_FAILED');
  });

  test('a service that is not configured is named', async () => {
    const { code, err } = await cli.run('score', '--service', 'nope');
    expect(code).toBe(1);
    expect(err).toContain('TR_NOT_FOUND');
  });
});

describe('tailrace roadmap on a fresh install', () => {
  test('is Markdown for people, and the same actions in every form', async () => {
    const json = await cli.run('roadmap', '--format', 'json');
    const { actions } = roadmapView.parse(JSON.parse(json.out));
    expect(actions.length).toBeGreaterThan(30);
    const markdown = await cli.run('roadmap');
    expect(markdown.out.match(/^\| 20\d\d-/gm)).toHaveLength(actions.length);
    const rows: unknown[] = parse((await cli.run('roadmap', '--format', 'csv')).out, {
      columns: true,
    });
    expect(rows).toHaveLength(actions.length);
    const calendar = await cli.run('roadmap', '--format', 'ics');
    expect(calendar.out.match(/^BEGIN:VEVENT/gm)).toHaveLength(actions.length);
  });

  test('a role or a form that does not exist is named', async () => {
    for (const args of [
      ['--role', 'chef'],
      ['--format', 'pdf'],
    ]) {
      const { code, err } = await cli.run('roadmap', ...args);
      expect(code).toBe(2);
      expect(err).toContain(`${args[0]} takes`);
    }
  });
});
