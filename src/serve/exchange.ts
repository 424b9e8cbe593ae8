import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteRuntime, ServiceRuntime } from './runtime.ts';
import type { TailraceError } from '../records/errors.ts';
import type {
  Attempt,
  EngineDialect,
  Outcome,
  TokenCounts,
  UsageSource,
} from '../records/request-record.ts';
import type { SimulationReport } from '../records/simulation.ts';
import type { ClientDialectForm, RequestFacts } from './dialects/dialect.ts';
import type { KeyEntry } from './key-table.ts';
import type { BodyWriter } from './passthrough/body-writer.ts';

/** What a request waits for just now; each has its own deadline (see deadlines.ts). */
export type Waiting = 'body' | 'queue' | 'first-token' | 'next-token' | 'client' | 'nothing';

/**
 * Something that can be stopped while it waits. An object with a method, not a function put into a field: V8 allocates
 * function literals that are assigned to properties in its old generation, and each would keep its
 * whole request alive until a full collection (an eighth of the worker's CPU time, measured).
 */
export interface Interruptible {
  interrupt(error: TailraceError): void;
}

export interface OutputSource {
  outputText(): string;
  /** It has been read for the last time. */
  release?(): void;
}

/**
 * Everything the phases know of one request, filled in as it moves along. It lives from accept to
 * settle in one worker; times are monotonic milliseconds unless they end in AtMs (wall).
 */
export interface Exchange {
  readonly id: string;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly dialect: ClientDialectForm;
  readonly startedAtMs: number;
  readonly startMs: number;
  /** Its place among those in flight (in-flight.ts). */
  inFlightIndex: number;
  key: KeyEntry | null;
  bodyText: string;
  body: Record<string, unknown>;
  facts: RequestFacts | null;
  service: ServiceRuntime | null;
  route: RouteRuntime | null;
  holdsPlace: boolean;
  tenant: string | null;
  feature: string | null;
  promptVersion: string | null;

  waiting: Waiting;
  deadlineMs: number;
  totalDeadlineMs: number;
  /** Set by the phase that waits. */
  waitsFor: Interruptible | null;
  /** Set once when the client goes away or a deadline passes. */
  interruption: TailraceError | null;

  queueMs: number;
  retryMs: number;
  upstreamMs: number;
  attempts: Attempt[];
  engine: string | null;
  engineInFlight: number;
  dialectOut: EngineDialect | null;
  modelServed: string | null;
  simulated: boolean;

  headSent: boolean;
  /** Set with the head of a streamed reply. */
  writer: BodyWriter | null;
  status: number;
  firstContentMs: number | null;
  lastContentMs: number | null;
  tpotMaxMs: number | null;
  tokens: TokenCounts | null;
  usageSource: UsageSource;
  simulation: SimulationReport | null;
  /** The output, read only if it must be counted or stored. */
  output: OutputSource | null;
  outputKeptShare: number;

  outcome: Outcome | null;
  error: TailraceError | null;
  settled: boolean;
}
