import type { RequestRecord } from '../records/request-record.ts';

/** Where settled records go. `append` never waits and never throws. */
export interface RecordSink {
  append(record: RequestRecord): void;
}
