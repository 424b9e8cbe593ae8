import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../records/clock.ts';
import { openTestCli, type TestCli } from './test-cli.ts';

let cli: TestCli;

beforeEach(() => {
  cli = openTestCli(systemClock);
});

afterEach(() => cli.close());

describe('tailrace analyze --push', () => {
  // With an instance: test/console/traces.test.ts.
  test('says that it needs a running instance', async () => {
    const { code, err } = await cli.run('analyze', 'trace.json.gz', '--push');
    expect(code).toBe(1);
    expect(err).toMatch(/TR_STATE_MISSING: no instance runs to send the trace to; start one with/);
  });

  test('needs a file', async () => {
    expect((await cli.run('analyze', '--push')).code).toBe(2);
  });
});
