import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExposition } from './parse-exposition.ts';
import { parseProtobufFormat } from './protobuf-format.ts';

type Write = (writer: BinaryWriter) => BinaryWriter;
const nested =
  (field: number, inside: Write): Write =>
  (writer) =>
    inside(writer.tag(field, WireType.LengthDelimited).fork()).join();
const text =
  (field: number, value: string): Write =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);
const double =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Bit64).double(value);
const int =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);
const sint =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).sint32(value);
const all =
  (...parts: Write[]): Write =>
  (writer) =>
    parts.reduce((into, one) => one(into), writer);

function families(...bodies: Write[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const body of bodies) body(writer.fork()).join();
  return writer.finish();
}

const label = nested(1, all(text(1, 'gpu'), text(2, '0')));
const gauge = all(
  text(1, 'g'),
  text(2, 'Help.'),
  int(3, 1),
  nested(4, all(label, nested(2, double(1, 2.5)), int(6, 7))),
);
/** Of the specification of native histograms: 2 in (0.5, 1], 3 in (1, 2], absolute counts from deltas. */
const native = all(
  text(1, 'n'),
  int(3, 4),
  nested(
    4,
    nested(
      7,
      all(
        int(1, 7),
        double(2, 9),
        sint(5, 0),
        double(6, 0.001),
        int(7, 2),
        nested(12, all(sint(1, 0), int(2, 2))),
        sint(13, 2),
        sint(13, 1),
      ),
    ),
  ),
);
const classic = all(
  text(1, 'c'),
  int(3, 4),
  nested(4, nested(7, all(int(1, 3), double(2, 4.5), nested(3, all(int(1, 1), double(2, 0.5)))))),
);

it('reads gauges, classic and native histograms', () => {
  const parsed = parseProtobufFormat(families(gauge, classic, native));
  if (!parsed.ok) throw parsed.error;
  const { samples, types, help } = parsed.value;
  expect(samples[0]).toEqual({
    name: 'g',
    labels: new Map([['gpu', '0']]),
    value: 2.5,
    timestampMs: 7,
  });
  expect(
    samples.slice(1, 5).map(({ name, labels, value }) => [name, labels.get('le'), value]),
  ).toEqual([
    ['c_bucket', '0.5', 1],
    ['c_bucket', '+Inf', 3],
    ['c_sum', undefined, 4.5],
    ['c_count', undefined, 3],
  ]);
  expect(samples[5]?.histogram).toMatchObject({
    count: 7,
    sum: 9,
    zeroCount: 2,
    positiveCounts: [2, 3],
  });
  expect(types.get('n')).toBe('histogram');
  expect(help.get('g')).toBe('Help.');
});

it('names family and field of a fault', () => {
  const broken = families(gauge, all(text(1, 'b'), nested(4, int(1, 5))));
  expect(parseProtobufFormat(broken)).toMatchObject({
    error: {
      code: 'TR_UPSTREAM_INVALID',
      message: expect.stringContaining('family 2: metric.label'),
    },
  });
});

it('never throws, whatever the bytes', () => {
  const good = families(gauge, classic, native);
  const cut = fc.nat(good.length - 1).map((at) => good.subarray(0, at));
  const flipped = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
    const copy = Uint8Array.from(good);
    copy[at] = byte;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(cut, flipped, fc.uint8Array({ maxLength: 64 })), (bytes) => {
      const parsed = parseExposition(bytes, 'application/vnd.google.protobuf');
      if (!parsed.ok) expect(parsed.error.code).toBe('TR_UPSTREAM_INVALID');
    }),
    { numRuns: 2000 },
  );
});

it('takes the format from the content type and refuses what is not UTF-8', () => {
  const bytes = (input: string): Uint8Array => new TextEncoder().encode(input);
  expect(
    parseExposition(bytes('a 1\n# EOF\n'), 'application/openmetrics-text; version=1.0.0').ok,
  ).toBe(true);
  expect(parseExposition(bytes('a 1\n\n'), 'application/openmetrics-text').ok).toBe(false);
  expect(parseExposition(bytes('a 1\n\n'), 'text/plain; version=0.0.4').ok).toBe(true);
  const latin = Uint8Array.from([...bytes('# HELP a caf'), 0xe9, ...bytes('\na 1\n')]);
  expect(parseExposition(latin, 'text/plain').ok).toBe(true);
  const bad = Uint8Array.from([...bytes('a{b="'), 0xe9, ...bytes('"} 1\n')]);
  expect(parseExposition(bad, '')).toMatchObject({
    error: { message: expect.stringContaining('line 1') },
  });
});
