import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OtlpEncoding } from './read-request.ts';

const REJECTED = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
} as const;

/**
 * The reply to an OTLP request in the encoding it came in. `partial_success` is left out when all is well; with 0
 * rejected and a note it is a warning ("Partial Success" of the OTLP specification).
 */
export function otlpReply(
  encoding: OtlpEncoding,
  outcome: { signal: keyof typeof REJECTED; rejected: number; note: string | null },
): { body: string | Uint8Array<ArrayBuffer>; contentType: string } {
  const { signal, rejected, note } = outcome;
  const isAllWell = rejected === 0 && note === null;
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED[signal]]: String(rejected), errorMessage: note ?? '' };
    const reply = isAllWell ? {} : { partialSuccess };
    return { body: JSON.stringify(reply), contentType: 'application/json' };
  }
  const writer = new BinaryWriter();
  if (!isAllWell) {
    writer.tag(1, WireType.LengthDelimited).fork();
    if (rejected > 0) writer.tag(1, WireType.Varint).int64(rejected);
    writer.tag(2, WireType.LengthDelimited).string(note ?? '');
    writer.join();
  }
  return { body: Uint8Array.from(writer.finish()), contentType: 'application/x-protobuf' };
}
