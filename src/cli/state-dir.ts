import { resolve } from 'node:path';

/** Where an instance keeps its state: `$TAILRACE_DATA`, else `.tailrace` in the current folder. */
export function stateDirOf(context: {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}): string {
  const named = context.env['TAILRACE_DATA'];
  return resolve(context.cwd, named === undefined || named === '' ? '.tailrace' : named);
}
