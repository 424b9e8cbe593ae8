import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../records/clock.ts';
import { TailraceError } from '../records/errors.ts';
import { cliReference } from './cli-reference.ts';
import type { Command, CommandContext } from './command.ts';
import { commandTable, loadAll } from './commands.ts';
import { openTestCli, type TestCli } from './test-cli.ts';
import { version } from './version.ts';

let ran: Array<Pick<CommandContext, 'values' | 'positionals'>> = [];

const sample: Command = {
  name: 'sample',
  summary: 'a command to try the frame with',
  usage: 'tailrace sample [thing] [options]',
  description: 'First line.\nSecond line.',
  examples: ['tailrace sample x --since 1h'],
  options: {
    since: { type: 'string', short: 's', value: '1h', description: 'start' },
    tag: { type: 'string', multiple: true, description: 'a tag' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  positionalsMax: 1,
  async run({ values, positionals }) {
    ran.push({ values, positionals });
    if (positionals[0] === 'coded') {
      throw new TailraceError('TR_STATE_LOCKED', 'taken', { field: 'dir' });
    }
    if (positionals[0] === 'window') throw new TailraceError('TR_WINDOW_INVALID', 'no window');
    if (positionals[0] === 'lines') throw new TailraceError('TR_CONFIG_INVALID', 'a:1\nb:2');
    if (positionals[0] === 'bug') throw new TypeError('x is not a function');
    return positionals[0] === 'four' ? 4 : 0;
  },
};

let cli: TestCli;

beforeEach(() => {
  ran = [];
  cli = openTestCli(systemClock, [sample]);
});

afterEach(() => cli.close());

describe('dispatch', () => {
  it('hands over options and arguments, and the exit code back', async () => {
    const argv = ['sample', 'four', '-s', '2h', '--tag=a', '--tag', 'b', '--json'];
    expect(await cli.run(...argv)).toEqual({ code: 4, out: '', err: '' });
    expect(ran[0]?.values).toMatchObject({ since: '2h', tag: ['a', 'b'], json: true });
    expect(ran[0]?.positionals).toEqual(['four']);
    await cli.run('sample', '--', '--json');
    expect(ran[1]).toMatchObject({ positionals: ['--json'] });
    expect(ran[1]?.values['json']).toBeUndefined();
  });

  it('prints the version', async () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    for (const flag of ['--version', '-v']) {
      expect(await cli.run(flag)).toEqual({ code: 0, out: `${version}\n`, err: '' });
    }
  });

  it('helps in every usual way', async () => {
    const general = await cli.run('--help');
    expect(general).toMatchObject({ code: 0, err: '' });
    expect(general.out).toContain('sample  a command to try the frame with');
    expect(await cli.run('help')).toEqual(general);
    expect(await cli.run()).toEqual({ code: 2, out: '', err: general.out });
    const one = await cli.run('help', 'sample');
    expect(one.out).toContain('-s, --since 1h   start');
    expect(one.out).toContain('    --tag VALUE  a tag');
    expect(one.out).toContain('  tailrace sample x --since 1h');
    expect(await cli.run('sample', '--help')).toEqual(one);
    expect(await cli.run('sample', '-h', 'x')).toEqual(one);
    expect(ran).toEqual([]);
  });

  it('refuses wrong usage with 2 and says what was meant', async () => {
    const refusals: Array<[string[], string]> = [
      [['smaple'], 'there is no command "smaple" (did you mean sample?); see tailrace --help'],
      [['help', 'zzz'], 'there is no command "zzz"; see tailrace --help'],
      [['--json', 'sample'], 'options follow the command, and --json comes before it'],
      [['sample', '--sinse', '1h'], 'there is no option --sinse (did you mean --since?)'],
      [['sample', '-x'], 'there is no option -x; see tailrace help sample'],
      [['sample', '--since'], "'-s, --since <value>' argument missing"],
      [['sample', '--json=yes'], "'--json' does not take an argument"],
      [['sample', 'a', 'b'], '"b" is one argument too many'],
    ];
    for (const [argv, message] of refusals) {
      const { code, out, err } = await cli.run(...argv);
      expect({ code, out }, err).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^error TR_USAGE: /);
      expect(err).toContain(message);
    }
    expect(ran).toEqual([]);
  });

  it('knows commands of two words, and helps with their group', async () => {
    const named = (name: string): Command => ({ ...sample, name, examples: [] });
    const grouped = openTestCli(systemClock, [named('pond fill'), named('pond drain'), sample]);
    try {
      expect(await grouped.run('pond', 'fill', 'four', '--json')).toMatchObject({ code: 4 });
      const group = await grouped.run('pond', '--help');
      expect(group).toMatchObject({ code: 0, err: '' });
      expect(group.out).toContain('pond drain  a command to try the frame with');
      expect(await grouped.run('help', 'pond')).toEqual(group);
      expect(await grouped.run('pond')).toEqual({ code: 2, out: '', err: group.out });
      expect((await grouped.run('help', 'pond', 'fill')).code).toBe(0);
      expect((await grouped.run('pond', 'dran')).err).toContain('(did you mean pond drain?)');
    } finally {
      grouped.close();
    }
  });

  it('is not fooled by names that every object has', async () => {
    expect(await cli.run('constructor')).toMatchObject({ code: 2 });
    expect(await cli.run('sample', '--constructor')).toMatchObject({ code: 2 });
    expect(await cli.run('sample', '--__proto__=1')).toMatchObject({ code: 2 });
  });
});

describe('failures', () => {
  it('are one line with code, on standard error', async () => {
    expect(await cli.run('sample', 'coded')).toEqual({
      code: 1,
      out: '',
      err: 'error TR_STATE_LOCKED: taken\n',
    });
    expect(await cli.run('sample', 'window')).toMatchObject({ code: 2 });
  });

  it('of many lines stand below the summary', async () => {
    const { err } = await cli.run('sample', 'lines');
    expect(err).toBe('error TR_CONFIG_INVALID: the configuration is not valid\na:1\nb:2\n');
  });

  it('are JSON for --json, also of the command line itself', async () => {
    const coded = await cli.run('sample', 'coded', '--json');
    expect(JSON.parse(coded.err)).toEqual({
      error: { code: 'TR_STATE_LOCKED', message: 'taken', field: 'dir' },
    });
    const usage = await cli.run('sample', '--json', '--nonsense');
    expect(usage.code).toBe(2);
    expect(JSON.parse(usage.err)).toMatchObject({ error: { code: 'TR_USAGE' } });
  });

  it('that are bugs say where', async () => {
    const { code, err } = await cli.run('sample', 'bug');
    expect(code).toBe(1);
    expect(err).toMatch(/^error TR_INTERNAL: x is not a function\n +at .*run\.test\.ts/);
  });
});

describe('the command table', () => {
  it('has unique names, complete help and examples of its own commands', async () => {
    const commands = await loadAll(commandTable);
    expect(commandTable.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
    const names = commands.map((command) => command.name);
    expect(new Set(names).size).toBe(names.length);
    for (const command of commands) {
      expect(command.usage, command.name).toMatch(new RegExp(`^tailrace ${command.name}\\b`));
      expect(command.examples.length, command.name).toBeGreaterThan(0);
      for (const example of command.examples) {
        expect(example, command.name).toMatch(new RegExp(`^tailrace ${command.name}\\b`));
      }
      const shorts = Object.values(command.options).flatMap((option) => option.short ?? []);
      expect(new Set(shorts).size, command.name).toBe(shorts.length);
    }
  });

  it('is documented in docs/cli.md, as `node tools/generate.ts` writes it', async () => {
    const path = join(import.meta.dirname, '..', '..', 'docs', 'cli.md');
    expect(readFileSync(path, 'utf8')).toBe(cliReference(await loadAll(commandTable)));
  });
});
