import type { CommandContext } from './command.ts';

/** https://no-color.org: any non-empty value turns colour off. */
export const wantsColour = ({ stdout, env }: CommandContext): boolean =>
  stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
