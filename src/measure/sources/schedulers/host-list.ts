/** Names of one list at most; Slurm's own limit is 64k nodes. */
const MAX_NAMES = 65_536;

/**
 * Slurm's host list, such as `g[1-3,07],login`, written out (hostlist expressions of slurm.conf, one or
 * several bracketed ranges). What cannot be read is given back as it is, as one name.
 */
export function expandHostList(text: string): string[] {
  return text
    .split(/,(?![^[]*\])/)
    .filter((part) => part !== '')
    .flatMap(expandPart);
}

function expandPart(part: string): string[] {
  const match = /^([^[\]]*)\[([\d,-]+)\](.*)$/.exec(part);
  if (match === null) return [part];
  const [, head = '', ranges = '', tail = ''] = match;
  const numbers = ranges.split(',').flatMap(expandRange);
  if (numbers.length === 0 || numbers.length > MAX_NAMES) return [part];
  const tails = expandPart(tail);
  if (numbers.length * tails.length > MAX_NAMES) return [part];
  return numbers.flatMap((number) => tails.map((end) => `${head}${number}${end}`));
}

/** `07-12` keeps its zeros. */
function expandRange(range: string): string[] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
  const [, from = '', to = from] = match ?? [];
  const count = Number(to) - Number(from) + 1;
  if (match === null || count < 1 || count > MAX_NAMES) return [];
  return Array.from({ length: count }, (_, i) =>
    String(Number(from) + i).padStart(from.length, '0'),
  );
}
