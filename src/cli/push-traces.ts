import { openAsBlob } from 'node:fs';
import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traceEntry, type TraceEntry } from '../measure/timeline/trace-entry.ts';
import { errorRegistry, TailraceError, type ErrorCode } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import { openRunningInstance, type Instance } from './instance.ts';

const POLL_MS = 250;

/** Traces in the running instance, and the page that shows them. */
export interface PushedTraces {
  url: string;
  traces: TraceEntry[];
}

/**
 * Sends trace files to the running instance, waits until it has read them, and says where they can be
 * seen. Throws TR_STATE_MISSING without an instance, TR_FILE_UNREADABLE, and what it found wrong.
 */
export async function pushTraces(
  context: CommandContext,
  names: readonly string[],
  onProgress: (text: string) => void,
): Promise<PushedTraces> {
  const instance = await openRunningInstance(context);
  if (instance?.record == null) {
    const message = 'no instance runs to send the trace to; start one with `tailrace up`';
    throw new TailraceError('TR_STATE_MISSING', message);
  }
  const traces: TraceEntry[] = [];
  for (const name of names) {
    onProgress(`sending ${name}`);
    const sent = await send(context, instance, name);
    onProgress(`reading ${name}`);
    traces.push(await settled(context, instance, sent));
  }
  const url = `${instance.record.url}/traces?open=${traces.map(({ id }) => id).join()}`;
  return { url, traces };
}

async function send(
  { cwd }: CommandContext,
  instance: Instance,
  name: string,
): Promise<TraceEntry> {
  const file = await openAsBlob(resolve(cwd, name)).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${name}: cannot be read: ${reason}`;
    throw new TailraceError('TR_FILE_UNREADABLE', message, { field: 'FILE', cause });
  });
  const path = `/api/v1/traces?name=${encodeURIComponent(basename(name).slice(-200))}`;
  return traceEntry.parse(await instance.upload(path, file));
}

async function settled(
  { signal }: CommandContext,
  instance: Instance,
  { id }: TraceEntry,
): Promise<TraceEntry> {
  for (;;) {
    const { traces } = (await instance.getJson('/api/v1/traces')) as { traces: unknown[] };
    const entry = traces.map((one) => traceEntry.parse(one)).find((one) => one.id === id);
    if (entry === undefined) throw new TailraceError('TR_NOT_FOUND', 'the trace was deleted');
    if (entry.error !== null) throw failure(entry.error);
    if (entry.state === 'ready') return entry;
    await sleep(POLL_MS, undefined, { signal });
  }
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorRegistry, code);

const failure = ({ code, message }: { code: string; message: string }): TailraceError =>
  new TailraceError(isErrorCode(code) ? code : 'TR_INTERNAL', message, { field: 'FILE' });
