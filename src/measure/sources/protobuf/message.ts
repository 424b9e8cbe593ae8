import type { Field, Message } from './decode-message.ts';

/**
 * A message type from lines `number name type`, where a type is a scalar or the key of another message given in
 * `parts`, with `*` for repeated.
 */
export function message(
  lines: string,
  parts: Readonly<Record<string, () => Message>> = {},
): Message {
  const fields = new Map<number, Field>();
  for (const line of lines.trim().split('\n')) {
    const [number = '', name = '', type = ''] = line.trim().split(' ');
    const repeated = type.endsWith('*');
    const key = repeated ? type.slice(0, -1) : type;
    const of = parts[key] ?? scalar(key);
    fields.set(Number(number), { name, of, ...(repeated ? { repeated } : {}) });
  }
  return fields;
}

const SCALARS = [
  'string',
  'hex',
  'base64',
  'double',
  'sample',
  'int',
  'sint',
  'bool',
  'fixed64',
  'sfixed64',
] as const;

function scalar(key: string): (typeof SCALARS)[number] {
  const found = SCALARS.find((one) => one === key);
  if (found === undefined) throw new Error(`no protobuf type ${key}`);
  return found;
}
