import type { Command, Option } from './command.ts';

/** `-s, --since 1h` */
function optionForm(name: string, option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : '';
  return `${short}--${name}${value}`;
}

/** Two columns, the first as wide as its longest cell; ends without spaces. */
export function twoColumns(rows: ReadonlyArray<readonly [string, string]>): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}

const HELP_OPTION: Option = { type: 'boolean', short: 'h', description: 'show this help' };

/** Options of a command as people may give them, `--help` included. */
export function optionsOf(command: Command): Record<string, Option> {
  const taken = Object.values(command.options).some((option) => option.short === 'h');
  const { short: _short, ...unshortened } = HELP_OPTION;
  return { ...command.options, help: taken ? unshortened : HELP_OPTION };
}

/** `tailrace --help`. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    'Tailrace serves, measures and plans AI inference on your own machines.',
    '',
    'usage: tailrace COMMAND [options]',
    '',
    'commands:',
    twoColumns(commands.map((command) => [command.name, command.summary])),
    '',
    'options:',
    twoColumns([
      ['-h, --help', 'show this help; `tailrace help COMMAND` tells about a command'],
      ['-v, --version', 'print the version'],
    ]),
    '',
    'environment:',
    twoColumns([['TAILRACE_DATA', 'state folder (default: ./.tailrace)']]),
    '',
  ].join('\n');
}

/** `tailrace GROUP --help`, of commands whose names are two words. */
export function groupHelp(group: string, commands: readonly Command[]): string {
  return [
    `usage: tailrace ${group} COMMAND [options]`,
    '',
    'commands:',
    twoColumns(commands.map((command) => [command.name, command.summary])),
    '',
    `\`tailrace help ${group} COMMAND\` tells about one of them.`,
    '',
  ].join('\n');
}

/** `tailrace help COMMAND`. */
export function commandHelp(command: Command): string {
  const options = Object.entries(optionsOf(command));
  return [
    command.summary,
    '',
    `usage: ${command.usage}`,
    '',
    command.description.trimEnd(),
    '',
    'options:',
    twoColumns(options.map(([name, option]) => [optionForm(name, option), option.description])),
    '',
    'examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
