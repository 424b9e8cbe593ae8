/** The `tailrace` command line: finds the command, parses its options, reports how it ended. */
import { nearest } from '../config/nearest.ts';
import { TailraceError } from '../records/errors.ts';
import { type Command, EXIT } from './command.ts';
import { type CommandEntry, commandTable, loadAll } from './commands.ts';
import { commandHelp, generalHelp, groupHelp } from './help.ts';
import { type CliIo, systemIo } from './io.ts';
import { parseCommandArgs } from './parse-args.ts';
import { reportError } from './report-error.ts';
import { version } from './version.ts';

/**
 * Runs one command line (without `node` and the script) and resolves to its exit code; never
 * rejects. `io` and `table` are the process's and the whole table unless handed in.
 */
export async function runCli(
  argv: readonly string[],
  io?: CliIo,
  table: readonly CommandEntry[] = commandTable,
): Promise<number> {
  if (io !== undefined) return dispatch(argv, io, table);
  const system = systemIo();
  try {
    return await dispatch(argv, system, table);
  } finally {
    system.close();
  }
}

async function dispatch(
  argv: readonly string[],
  io: CliIo,
  table: readonly CommandEntry[],
): Promise<number> {
  const [first, ...rest] = argv;
  try {
    if (first === '--version' || first === '-v') {
      io.stdout.write(`${version}\n`);
      return EXIT.ok;
    }
    if (first === undefined) {
      io.stderr.write(generalHelp(await loadAll(table)));
      return EXIT.usage;
    }
    if (first === '--help' || first === '-h' || first === 'help')
      return await help(rest, io, table);
    const group = entriesOf(first, table);
    if (group.length > 0 && (rest[0] === undefined || rest[0] === '--help' || rest[0] === '-h')) {
      const text = groupHelp(first, await loadAll(group));
      (rest[0] === undefined ? io.stderr : io.stdout).write(text);
      return rest[0] === undefined ? EXIT.usage : EXIT.ok;
    }
    const { entry, words } = findCommand(argv, table);
    return await runCommand(await entry.load(), argv.slice(words), io);
  } catch (error) {
    return reportError(error, io, rest.includes('--json'));
  }
}

async function help(names: string[], io: CliIo, table: readonly CommandEntry[]): Promise<number> {
  const [first = '', second] = names;
  const group = entriesOf(first, table);
  if (first === '') io.stdout.write(generalHelp(await loadAll(table)));
  else if (group.length > 0 && second === undefined) {
    io.stdout.write(groupHelp(first, await loadAll(group)));
  } else io.stdout.write(commandHelp(await findCommand(names, table).entry.load()));
  return EXIT.ok;
}

/** Commands of a group: `plan serve` and `plan train` are of `plan`. */
const entriesOf = (group: string, table: readonly CommandEntry[]): CommandEntry[] =>
  table.filter((entry) => entry.name.startsWith(`${group} `));

/** The command that `argv` begins with, and how many words its name has: one, or two as in `plan serve`. */
function findCommand(
  argv: readonly string[],
  table: readonly CommandEntry[],
): { entry: CommandEntry; words: number } {
  const [first = '', second = ''] = argv;
  for (const [words, name] of [
    [2, `${first} ${second}`],
    [1, first],
  ] as const) {
    const entry = table.find((known) => known.name === name);
    if (entry !== undefined) return { entry, words };
  }
  if (first.startsWith('-')) {
    throw new TailraceError('TR_USAGE', `options follow the command, and ${first} comes before it`);
  }
  throw new TailraceError('TR_USAGE', unknownCommand(first, second, table));
}

function unknownCommand(first: string, second: string, table: readonly CommandEntry[]): string {
  const group = entriesOf(first, table);
  const asked = group.length > 0 ? `${first} ${second}` : first;
  const names = (group.length > 0 ? group : table).map((entry) => entry.name);
  const meant = nearest(asked, names);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  return `there is no command "${asked}"${hint}; see tailrace --help`;
}

async function runCommand(command: Command, args: string[], io: CliIo): Promise<number> {
  const parsed = parseCommandArgs(command, args);
  if (!parsed.ok) throw parsed.error;
  const { values, positionals } = parsed.value;
  if (values['help'] === true) {
    io.stdout.write(commandHelp(command));
    return EXIT.ok;
  }
  return command.run({ ...io, values, positionals });
}
