import type { Clock } from '../records/clock.ts';
import type { RequestRecord } from '../records/request-record.ts';
import type { Transport, TransportOptions } from './engines/transport.ts';
import type { Log } from './log.ts';
import type { Meter } from './meter.ts';
import type { RecordSink } from './record-sink.ts';

/** What the request path is handed from outside: it opens nothing and reads no clock by itself. */
export interface GatewayDeps {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  sink: RecordSink;
  createMeter: (engines: readonly import('../config/schema.ts').EngineConfig[]) => Meter;
  createTransport: (options: TransportOptions) => Transport;
  countTokens: (text: string) => number;
  onSettled: (record: RequestRecord) => void;
  log: Log;
}
