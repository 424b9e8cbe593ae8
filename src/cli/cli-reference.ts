import type { Command } from './command.ts';
import { commandHelp, generalHelp } from './help.ts';

/** docs/cli.md: the help of every command, as the program prints it. */
export function cliReference(commands: readonly Command[]): string {
  const sections = commands.map((command) =>
    [`## tailrace ${command.name}`, '', '```text', commandHelp(command).trimEnd(), '```'].join(
      '\n',
    ),
  );
  return `${[
    '# Command line',
    '',
    'Generated from the command table by `node tools/generate.ts`; edit `src/cli/commands/` instead.',
    '',
    '```text',
    generalHelp(commands).trimEnd(),
    '```',
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage; `ask` adds 3 (red flag) and 4 (target missed).',
    'Failures are printed on standard error as `error TR_X: message`, with `--json` as a JSON object',
    'of the shape `{"error": {"code", "message", "field"}}`; the codes are in [errors.md](errors.md).',
    '',
    sections.join('\n\n'),
  ].join('\n')}\n`;
}
