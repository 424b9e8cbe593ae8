import { stringify } from 'yaml';
import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { maskConfig } from '../../config/mask.ts';
import { formatPath, formatProblem } from '../../config/problems.ts';
import { type Command, type CommandContext, EXIT } from '../command.ts';

/** `tailrace check`: is the configuration valid, and what does it come to? */
export const check: Command = {
  name: 'check',
  summary: 'validate the configuration and print what it comes to, secrets masked',
  usage: 'tailrace check [file] [options]',
  description: [
    'Reads tailrace.yaml (or the file named), resolves ${ENV} and ${file:...}, fills in defaults',
    'and prints the result as YAML. Every error is shown with its line and column; doubtful things',
    'are warnings on standard error. Without any file the built-in defaults are printed.',
    '',
    'Exit code: 0 valid, 1 not valid, 2 wrong usage.',
  ].join('\n'),
  examples: [
    'tailrace check',
    'tailrace check deploy/tailrace.yaml',
    'tailrace check --json | jq .config.engines',
  ],
  options: { json: { type: 'boolean', description: 'print file, warnings and config as JSON' } },
  positionalsMax: 1,
  async run(context) {
    const path = context.positionals[0] ?? null;
    const loaded = loadConfig({ path, env: context.env, cwd: context.cwd });
    if (!loaded.ok) throw loaded.error;
    if (context.values['json'] === true) printJson(context, loaded.value);
    else printYaml(context, loaded.value);
    return EXIT.ok;
  },
};

function printJson({ stdout }: CommandContext, loaded: LoadedConfig): void {
  const warnings = loaded.warnings.map(({ path, position, message, suggestion }) => ({
    path: formatPath(path),
    line: position?.line ?? null,
    column: position?.column ?? null,
    message,
    suggestion,
  }));
  const value = { file: loaded.file, warnings, config: maskConfig(loaded) };
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function printYaml({ stdout, stderr }: CommandContext, loaded: LoadedConfig): void {
  for (const warning of loaded.warnings) {
    stderr.write(`warning: ${formatProblem(loaded.file ?? 'defaults', warning)}\n`);
  }
  const from = loaded.file ?? 'the built-in defaults: there is no tailrace.yaml here';
  stdout.write(`# valid; the effective configuration of ${from}\n`);
  stdout.write(stringify(maskConfig(loaded), { lineWidth: 100 }));
}
