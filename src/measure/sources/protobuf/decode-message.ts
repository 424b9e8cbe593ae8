import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { fail, ok, type Result } from '../../../records/errors.ts';

/**
 * How a value is written and what it becomes: `int` any varint, as a number; `sint` the zigzag form; `fixed64` a
 * decimal text (nanoseconds exceed a double); `hex` bytes as lower-case hex, `base64` bytes as in proto3 JSON;
 * `sample` a double in which Prometheus' staleness marker becomes the text `stale`.
 */
type Scalar =
  | 'string'
  | 'hex'
  | 'base64'
  | 'double'
  | 'sample'
  | 'int'
  | 'sint'
  | 'bool'
  | 'fixed64'
  | 'sfixed64';

export interface Field {
  name: string;
  of: Scalar | (() => Message);
  repeated?: true;
}

/** A message type: its fields by number; other fields are passed over, as protobuf demands. */
export type Message = ReadonlyMap<number, Field>;

/** A decoded message, in the shape of proto3 JSON; what is not set is absent. */
export type Decoded = { [field: string]: unknown };

const MAX_DEPTH = 32;

/**
 * Decodes one message. Linear in the bytes, at most 32 messages deep. Error: TR_PUSH_INVALID, naming the path of
 * the field that cannot be read.
 */
export function decodeMessage(bytes: Uint8Array, message: Message): Result<Decoded> {
  const reader = new BinaryReader(bytes);
  const path: string[] = [];
  try {
    return ok(readMessage(reader, reader.len, message, path));
  } catch (error) {
    const where = path.length === 0 ? 'the body' : path.join('.');
    const why = error instanceof Error ? error.message : String(error);
    return fail('TR_PUSH_INVALID', `${where} is not valid protobuf: ${why}`, { field: where });
  }
}

/** `path` names where the reader is, and is left as it was at a fault. */
function readMessage(reader: BinaryReader, end: number, message: Message, path: string[]): Decoded {
  if (path.length > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH}`);
  if (end > reader.len) throw new RangeError('a length beyond the end');
  const out: Decoded = {};
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = message.get(number);
    if (field === undefined) {
      reader.skip(wire, number);
      continue;
    }
    path.push(field.name);
    readField(reader, wire, field, out, path);
    path.pop();
  }
  if (reader.pos !== end) throw new RangeError('a field beyond the end of its message');
  return out;
}

function readField(
  reader: BinaryReader,
  wire: WireType,
  field: Field,
  out: Decoded,
  path: string[],
): void {
  const { of } = field;
  if (typeof of === 'function') {
    expectWire(wire, WireType.LengthDelimited);
    const length = reader.uint32();
    store(out, field, readMessage(reader, reader.pos + length, of(), path));
    return;
  }
  const own = WIRES[of];
  if (field.repeated === true && wire === WireType.LengthDelimited && wire !== own) {
    const length = reader.uint32();
    const end = reader.pos + length;
    if (end > reader.len) throw new RangeError('a length beyond the end');
    while (reader.pos < end) store(out, field, readScalar(reader, of));
    return;
  }
  expectWire(wire, own);
  store(out, field, readScalar(reader, of));
}

function expectWire(found: WireType, wanted: WireType): void {
  if (found !== wanted) throw new RangeError(`wire type ${found} where ${wanted} belongs`);
}

function store(out: Decoded, field: Field, value: unknown): void {
  if (field.repeated !== true) {
    out[field.name] = value;
    return;
  }
  const known = out[field.name];
  if (Array.isArray(known)) known.push(value);
  else out[field.name] = [value];
}

const WIRES: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  hex: WireType.LengthDelimited,
  base64: WireType.LengthDelimited,
  double: WireType.Bit64,
  sample: WireType.Bit64,
  int: WireType.Varint,
  sint: WireType.Varint,
  bool: WireType.Varint,
  fixed64: WireType.Bit64,
  sfixed64: WireType.Bit64,
};

function readScalar(reader: BinaryReader, of: Scalar): unknown {
  switch (of) {
    case 'string':
      return reader.string();
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
    case 'base64':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'double':
      return reader.double();
    case 'sample':
      return readSampleValue(reader);
    case 'int':
      return Number(reader.int64());
    case 'sint':
      return Number(reader.sint64());
    case 'bool':
      return reader.bool();
    case 'fixed64':
      return String(reader.fixed64());
    case 'sfixed64':
      return String(reader.sfixed64());
  }
}

/** The NaN that says "this series has ended" (prometheus model/value/value.go, StaleNaN). */
const STALE_BITS = 0x7ff0000000000002n;

/** The bits are looked at before they become a number: JavaScript may change a NaN's payload. */
function readSampleValue(reader: BinaryReader): number | 'stale' {
  const value = reader.double();
  if (!Number.isNaN(value)) return value;
  reader.pos -= 8;
  return BigInt(reader.fixed64()) === STALE_BITS ? 'stale' : Number.NaN;
}
