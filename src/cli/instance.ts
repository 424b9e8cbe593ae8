/**
 * What commands ask. A running instance is asked over its control API; when none runs, the same API
 * is built in this process over the ledger, opened read-only. Both sides of a command are thus one
 * code path, and an answer does not depend on who gives it.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { apiError } from '../api/schema.ts';
import { type ErrorCode, errorRegistry, TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import { type InstanceRecord, readInstanceRecord } from './instance-record.ts';
import { stateDirOf } from './state-dir.ts';

/** A control API, wherever it runs. Paths start with `/api/v1/`; failures are the API's own codes. */
export interface Instance {
  mode: 'running' | 'offline';
  stateDir: string;
  /** The running instance; null when offline. */
  record: InstanceRecord | null;
  getJson(path: string): Promise<unknown>;
  postJson(path: string, body: unknown): Promise<unknown>;
  delete(path: string): Promise<unknown>;
  /** Sends bytes as they are. */
  putBytes(path: string, body: Uint8Array): Promise<unknown>;
  /** Sends a file piece by piece, for as long as it takes. */
  upload(path: string, file: Blob): Promise<unknown>;
  getText(path: string): Promise<string>;
  /** Writes the reply to `file`, which appears only when it is whole. */
  download(path: string, file: string): Promise<Download>;
  close(): Promise<void>;
}

export interface Download {
  bytes: number;
  /** Records in the file; null when the instance does not say. */
  rows: number | null;
}

/** Sends one request to a control API. */
export type Send = (request: Request) => Promise<Response>;

/** How long an instance may take to show that it is there, and to answer a question. */
const PROBE_MS = 2_000;
const ANSWER_MS = 60_000;

/** The running instance if there is one, else the state folder; TR_STATE_MISSING without either. */
export async function openInstance(context: CommandContext): Promise<Instance> {
  const running = await openRunningInstance(context);
  if (running !== null) return running;
  const stateDir = stateDirOf(context);
  if (!existsSync(stateDir)) {
    const fix = 'start one with `tailrace up`, or point TAILRACE_DATA to the folder of another';
    const message = `no instance runs, and ${stateDir} is not there; ${fix}`;
    throw new TailraceError('TR_STATE_MISSING', message);
  }
  // DuckDB and the API are loaded only by those who need them: this saves most of the start.
  const { openOffline } = await import('./offline.ts');
  return openOffline(context);
}

/** The running instance; null when none answers. Says on standard error why one is not used. */
export async function openRunningInstance(context: CommandContext): Promise<Instance | null> {
  const stateDir = stateDirOf(context);
  const read = readInstanceRecord(stateDir);
  if (read.record === null) {
    if (read.warning !== null) context.stderr.write(`warning: ${read.warning}\n`);
    return null;
  }
  const { record } = read;
  const send = sendOver(context);
  const refusal = await probe(send, record);
  if (refusal === null) {
    const { url: base, adminKey } = record;
    const access = { base, adminKey, send, signal: context.signal };
    return instanceOver(access, { mode: 'running', stateDir, record }, async () => {});
  }
  const what = `the instance of ${stateDir} (process ${record.pid}, ${record.url}) ${refusal}`;
  context.stderr.write(`warning: ${what}; reading its state instead\n`);
  return null;
}

/** Sends over the network; connection failures and the user's interrupt are coded errors. */
function sendOver(context: CommandContext): Send {
  return async (request) => {
    try {
      return await fetch(request);
    } catch (cause) {
      if (context.signal.aborted) throw new TailraceError('TR_SHUTDOWN', 'interrupted', { cause });
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      const why = timedOut ? 'did not answer in time' : 'cannot be reached';
      const { origin } = new URL(request.url);
      throw new TailraceError('TR_CONTROL_DOWN', `the instance at ${origin} ${why}`, { cause });
    }
  };
}

/** Null when the instance of the record answers, if only that it is busy; else why it is not used. */
async function probe(send: Send, record: InstanceRecord): Promise<string | null> {
  const headers = { authorization: `Bearer ${record.adminKey}` };
  const signal = AbortSignal.timeout(PROBE_MS);
  try {
    const response = await send(new Request(`${record.url}/api/v1/health`, { headers, signal }));
    const text = await response.text();
    if (response.ok) return null;
    const code = toError(text, response.status).code;
    // After a crash the port may belong to another program, or to another Tailrace.
    const isOurs = code === 'TR_CONTROL_DOWN' || code === 'TR_BUSY' || code === 'TR_SHUTDOWN';
    return isOurs ? null : 'does not know its own admin key';
  } catch {
    return 'does not answer';
  }
}

/** An `Instance` over any way to send; used for both modes. */
export function instanceOver(
  access: { base: string; adminKey: string; send: Send; signal: AbortSignal },
  about: Pick<Instance, 'mode' | 'stateDir' | 'record'>,
  close: () => Promise<void>,
): Instance {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${access.adminKey}`);
    const response = await access.send(new Request(`${access.base}${path}`, { ...init, headers }));
    if (response.ok) return response;
    throw toError(await response.text(), response.status);
  };
  const askJson = async (path: string, init: RequestInit): Promise<unknown> => {
    const signal = AbortSignal.any([access.signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await ask(path, { ...init, signal });
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  };
  return {
    ...about,
    getJson: (path) => askJson(path, {}),
    postJson: (path, body) =>
      askJson(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    delete: (path) => askJson(path, { method: 'DELETE' }),
    putBytes: (path, body) =>
      askJson(path, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(body),
      }),
    upload: async (path, file) => {
      const headers = { 'content-type': 'application/octet-stream' };
      const { signal } = access;
      return (await ask(path, { method: 'POST', headers, body: file, signal })).json();
    },
    getText: async (path) => {
      const signal = AbortSignal.any([access.signal, AbortSignal.timeout(ANSWER_MS)]);
      return (await ask(path, { signal })).text();
    },
    download: async (path, file) =>
      save(await ask(path, { signal: access.signal }), file, access.signal),
    close,
  };
}

async function save(response: Response, file: string, signal: AbortSignal): Promise<Download> {
  const rows = response.headers.get('x-tailrace-rows');
  const partial = `${file}.${process.pid}.partial`;
  if (response.body === null) throw new TailraceError('TR_INTERNAL', 'the export has no content');
  const out = createWriteStream(partial, { mode: 0o600 });
  try {
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    await pipeline(body, out, { signal });
    await rename(partial, file);
    return { bytes: out.bytesWritten, rows: rows === null ? null : Number(rows) };
  } catch (cause) {
    await rm(partial, { force: true });
    if (signal.aborted) throw new TailraceError('TR_SHUTDOWN', 'interrupted', { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailraceError('TR_EXPORT_FAILED', `${file}: ${reason}`, { field: 'out', cause });
  }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorRegistry, code);

/** The API's error as it was thrown there; anything else is a reply that is not Tailrace's. */
function toError(text: string, status: number): TailraceError {
  const parsed = apiError.safeParse(safeJson(text));
  const { code = '', message = '', field = null } = parsed.data?.error ?? {};
  if (isErrorCode(code)) {
    return new TailraceError(code, message, field === null ? {} : { field });
  }
  return new TailraceError('TR_UPSTREAM_INVALID', `the instance answered status ${status}`);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
