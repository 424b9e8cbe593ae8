/** The `tailrace` command line: finds the command, parses its options, reports how it ended. */
import { nearest } from '../config/nearest.ts';
import { TailraceError } from '../records/errors.ts';
import { type Command, EXIT } from './command.ts';
import { commands as allCommands } from './commands.ts';
import { commandHelp, generalHelp } from './help.ts';
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
    return await runCommand(findCommand(first, commands), rest, io);
  } catch (error) {
    return reportError(error, io, rest.includes('--json'));
  }
}

function help(names: string[], io: CliIo, commands: readonly Command[]): number {
  const [name] = names;
  const text =
    name === undefined ? generalHelp(commands) : commandHelp(findCommand(name, commands));
  io.stdout.write(text);
  return EXIT.ok;
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith('-')) {
    throw new TailraceError('TR_USAGE', `options follow the command, and ${name} comes before it`);
  }
  const names = commands.map((command) => command.name);
  const meant = nearest(name, names);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  throw new TailraceError('TR_USAGE', `there is no command "${name}"${hint}; see tailrace --help`);
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
