/**
 * How bytes reach an engine. One interface, so that another transport can take the place of the
 * present one without the phases knowing. Headers are flat name/value lists; names are lower case.
 */
export interface UpstreamRequest {
  path: string;
  headers: string[];
  body: string;
}

export type TransportFailure = 'connect' | 'connect-timeout' | 'cut' | 'protocol';

/** Called in order: onHead once, onData any number of times, then exactly one of onEnd / onError. */
export interface UpstreamEvents {
  onHead(status: number, headers: Record<string, string | string[] | undefined>): void;
  /** Return false to pause; `UpstreamHandle.resume` goes on. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onError(failure: TransportFailure, cause: Error): void;
}

export interface UpstreamHandle {
  /** Stops the exchange and frees its connection; no event follows. */
  abort(): void;
  resume(): void;
}

export interface Transport {
  send(request: UpstreamRequest, events: UpstreamEvents): UpstreamHandle;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Scheme, host and port. */
  origin: string;
  connectTimeoutMs: number;
  maxConnections: number;
}
