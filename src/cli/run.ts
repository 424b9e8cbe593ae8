/** The `tailrace` command line: finds the command, parses its options, reports how it ended. */
import { nearest } from '../config/nearest.ts';
import { TailraceError } from '../records/errors.ts';
import { type Command, EXIT } from './command.ts';
import { commands as allCommands } from './commands.ts';
import { commandHelp, generalHelp, groupHelp } from './help.ts';
import { type CliIo, systemIo } from './io.ts';
import { parseCommandArgs } from './parse-args.ts';
import { reportError } from './report-error.ts';
import { version } from './version.ts';

/**
 * Runs one command line (without `node` and the script) and resolves to its exit code; never
 * rejects. `io` and `commands` are the process's and the whole table unless handed in.
 */
export async function runCli(
  argv: readonly string[],
  io?: CliIo,
  commands: readonly Command[] = allCommands,
): Promise<number> {
  if (io !== undefined) return dispatch(argv, io, commands);
  const system = systemIo();
  try {
    return await dispatch(argv, system, commands);
  } finally {
    system.close();
  }
}

async function dispatch(
  argv: readonly string[],
  io: CliIo,
  commands: readonly Command[],
): Promise<number> {
  const [first, ...rest] = argv;
  try {
    if (first === '--version' || first === '-v') {
      io.stdout.write(`${version}\n`);
      return EXIT.ok;
    }
    if (first === undefined) {
      io.stderr.write(generalHelp(commands));
      return EXIT.usage;
    }
    if (first === '--help' || first === '-h' || first === 'help') return help(rest, io, commands);
    const group = commandsOf(first, commands);
    if (group.length > 0 && (rest[0] === undefined || rest[0] === '--help' || rest[0] === '-h')) {
      (rest[0] === undefined ? io.stderr : io.stdout).write(groupHelp(first, group));
      return rest[0] === undefined ? EXIT.usage : EXIT.ok;
    }
    const { command, words } = findCommand(argv, commands);
    return await runCommand(command, argv.slice(words), io);
  } catch (error) {
    return reportError(error, io, rest.includes('--json'));
  }
}

function help(names: string[], io: CliIo, commands: readonly Command[]): number {
  const [first = '', second] = names;
  const group = commandsOf(first, commands);
  if (first === '') io.stdout.write(generalHelp(commands));
  else if (group.length > 0 && second === undefined) io.stdout.write(groupHelp(first, group));
  else io.stdout.write(commandHelp(findCommand(names, commands).command));
  return EXIT.ok;
}

/** Commands of a group: `plan serve` and `plan train` are of `plan`. */
const commandsOf = (group: string, commands: readonly Command[]): Command[] =>
  commands.filter((command) => command.name.startsWith(`${group} `));

/** The command that `argv` begins with, and how many words its name has: one, or two as in `plan serve`. */
function findCommand(
  argv: readonly string[],
  commands: readonly Command[],
): { command: Command; words: number } {
  const [first = '', second = ''] = argv;
  for (const [words, name] of [
    [2, `${first} ${second}`],
    [1, first],
  ] as const) {
    const command = commands.find((known) => known.name === name);
    if (command !== undefined) return { command, words };
  }
  if (first.startsWith('-')) {
    throw new TailraceError('TR_USAGE', `options follow the command, and ${first} comes before it`);
  }
  throw new TailraceError('TR_USAGE', unknownCommand(first, second, commands));
}

function unknownCommand(first: string, second: string, commands: readonly Command[]): string {
  const group = commandsOf(first, commands);
  const asked = group.length > 0 ? `${first} ${second}` : first;
  const names = (group.length > 0 ? group : commands).map((command) => command.name);
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
