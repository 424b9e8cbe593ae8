import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { schemaInstance } from './schema-instance.ts';

/** Zod writes the schema and judges the instance: neither side is ours. */
const bounds = (most: number) =>
  fc.tuple(fc.nat(most), fc.nat(most)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const numbers = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.nat(3))
  .map(([from, width, form]) => {
    if (form === 0)
      return z
        .int()
        .min(from)
        .max(from + width);
    if (form === 1)
      return z
        .number()
        .gt(from)
        .lt(from + width);
    return form === 2 ? z.number().gte(from) : z.int().lte(from);
  });

const scalars: fc.Arbitrary<z.ZodType> = fc.oneof(
  numbers,
  bounds(40).map(([least, most]) => z.string().min(least).max(most)),
  fc.constantFrom<z.ZodType>(z.string(), z.boolean(), z.null(), z.number(), z.int(), z.iso.date()),
  fc.constantFrom<z.ZodType>(z.email(), z.uuid(), z.iso.datetime(), z.url(), z.ipv4(), z.any()),
  fc.constantFrom(2, 3, 10).map((of) => z.int().min(7).multipleOf(of)),
  fc.string().map((value) => z.literal(value)),
  fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map((values) => z.enum(values)),
);

const names = fc.oneof(fc.stringMatching(/^[a-z]{1,6}$/), fc.constantFrom('$ref', 'a/b', 'ü"\\'));

const { schema } = fc.letrec<{ schema: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.dictionary(names, tie('schema'), { maxKeys: 4 }).map((shape) => z.strictObject(shape)),
    fc
      .tuple(tie('schema'), bounds(4))
      .map(([item, [least, most]]) => z.array(item).min(least).max(most)),
    fc
      .array(tie('schema'), { minLength: 1, maxLength: 3 })
      .map(([first = z.null(), ...rest]) => z.tuple([first, ...rest])),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((some) => z.union(some)),
    tie('schema').map((inner) => inner.nullable()),
    tie('schema').map((inner) => z.object({ inner: inner.optional(), next: inner })),
    tie('schema').map((inner) => z.record(z.string(), inner)),
    fc
      .tuple(tie('schema'), tie('schema'))
      .map(([a, b]) =>
        z.intersection(z.object({ a, both: z.string().min(2) }), z.object({ b, both: z.string() })),
      ),
  ),
}));

it('makes an instance that satisfies the schema, the same one each time', () => {
  fc.assert(
    fc.property(schema, fc.constantFrom<'inline' | 'ref'>('inline', 'ref'), (made, reused) => {
      const json = z.toJSONSchema(made, { reused });
      const instance = schemaInstance(json);
      if (!instance.ok) throw new Error(`${instance.reason}: ${JSON.stringify(json)}`);
      const verdict = made.safeParse(instance.value);
      expect(verdict.error?.message ?? 'fits', JSON.stringify(json)).toBe('fits');
      expect(schemaInstance(json)).toEqual(instance);
    }),
    { numRuns: 500 },
  );
});

const keywords = fc.constantFrom(
  ...'type const enum anyOf oneOf allOf $ref properties required additionalProperties items'.split(
    ' ',
  ),
  ...'prefixItems minItems maxItems minLength maxLength minimum exclusiveMaximum'.split(' '),
  ...'multipleOf minProperties maxProperties format __proto__'.split(' '),
);

const { hostile } = fc.letrec<{ hostile: unknown }>((tie) => ({
  hostile: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom('object', 'array', 'integer', '#', '#/properties/a', '#/allOf/0', '%', 1e9, -1),
    fc.jsonValue(),
    fc.array(tie('hostile'), { maxLength: 4 }),
    fc.dictionary(keywords, tie('hostile'), { maxKeys: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('hostile')).map((properties) => ({
      type: 'object',
      properties,
      required: ['a', 'b'],
    })),
  ),
}));

it('answers anything at all with an instance or a reason, within its limits', () => {
  fc.assert(
    fc.property(hostile, (given) => {
      const instance = schemaInstance(given);
      if (!instance.ok) expect(['no-instance', 'too-large']).toContain(instance.reason);
      else expect(JSON.stringify(instance.value).length).toBeLessThan(500_000);
    }),
    { numRuns: 500 },
  );
});
