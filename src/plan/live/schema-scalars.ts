/** A JSON Schema that is an object. */
export type Schema = Record<string, unknown>;

/** A finite number under this keyword, or null. */
export function numberAt(schema: Schema, keyword: string): number | null {
  const value = schema[keyword];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** One text of each format of JSON Schema (2020-12, section 7.3) that clients commonly parse. */
const FORMAT_TEXTS: ReadonlyMap<unknown, string> = new Map([
  ['date-time', '2025-01-01T00:00:00Z'],
  ['date', '2025-01-01'],
  ['time', '00:00:00Z'],
  ['duration', 'PT1S'],
  ['email', 'text@example.com'],
  ['hostname', 'example.com'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['uri', 'https://example.com/'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
]);

const WORD = 'text';

/**
 * A text that keeps minLength, maxLength and, where the lengths let it, format; null where they exclude each
 * other. Not the empty text unless the schema leaves nothing else: many programs take that for a missing one.
 */
export function stringFor(schema: Schema): string | null {
  const least = numberAt(schema, 'minLength') ?? 0;
  const most = numberAt(schema, 'maxLength') ?? Number.POSITIVE_INFINITY;
  if (least > most) return null;
  const formatted = FORMAT_TEXTS.get(schema['format']);
  if (formatted !== undefined && formatted.length >= least && formatted.length <= most) {
    return formatted;
  }
  const words = WORD + ` ${WORD}`.repeat(Math.ceil(Math.max(0, least - WORD.length) / 5));
  return words.slice(0, Math.min(most, Math.max(least, WORD.length)));
}

/**
 * The number nearest to zero that keeps minimum, maximum, their exclusive forms and multipleOf; null where
 * there is none (or none that double precision can tell from its bound).
 */
export function numberFor(schema: Schema, isInteger: boolean): number | null {
  const multiple = Math.abs(numberAt(schema, 'multipleOf') ?? 0);
  // An integer that is a multiple of a fraction is looked for among the integers.
  const step = isInteger ? (Number.isInteger(multiple) && multiple > 0 ? multiple : 1) : multiple;
  const fits = fitsOf(schema);
  if (fits(0)) return 0;
  const low = larger(numberAt(schema, 'minimum'), numberAt(schema, 'exclusiveMinimum'));
  const high = larger(
    negated(numberAt(schema, 'maximum')),
    negated(numberAt(schema, 'exclusiveMaximum')),
  );
  // Zero breaks one bound: from that bound outwards, on the mirrored axis where it is the upper one.
  const isMirrored = low === null || low < 0;
  const [near, far] = isMirrored ? [high, negated(low)] : [low, negated(high)];
  if (near === null) return null;
  const candidates =
    step > 0
      ? [Math.ceil(near / step) * step, (Math.floor(near / step) + 1) * step]
      : [near, far === null ? near + 1 : (near + far) / 2];
  return candidates.map((one) => (isMirrored ? -one : one)).find(fits) ?? null;
}

function fitsOf(schema: Schema): (value: number) => boolean {
  const minimum = numberAt(schema, 'minimum') ?? Number.NEGATIVE_INFINITY;
  const maximum = numberAt(schema, 'maximum') ?? Number.POSITIVE_INFINITY;
  const above = numberAt(schema, 'exclusiveMinimum') ?? Number.NEGATIVE_INFINITY;
  const below = numberAt(schema, 'exclusiveMaximum') ?? Number.POSITIVE_INFINITY;
  return (value) => value >= minimum && value <= maximum && value > above && value < below;
}

const larger = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

const negated = (value: number | null): number | null => (value === null ? null : -value);
