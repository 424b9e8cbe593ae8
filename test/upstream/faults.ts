import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { WireError } from './wire-error.ts';

/**
 * Faults on demand: the last part of the model name (after the last `/`) says which. `error-NNN` is
 * any HTTP status in the provider's own shape.
 */
export const streamFaults = [
  'cut-mid-stream',
  'stall-mid-stream',
  'error-mid-stream',
  'garbage-mid-stream',
] as const;
export type StreamFault = (typeof streamFaults)[number];

export const lastPart = (model: string): string => model.slice(model.lastIndexOf('/') + 1);

export const streamFaultOf = (model: string): StreamFault | null =>
  streamFaults.find((fault) => fault === lastPart(model)) ?? null;

/** Throws the error that the model's name asks for. */
export function throwIfAsked(model: string): void {
  const name = lastPart(model);
  const status = /^error-(\d{3})$/.exec(name)?.[1];
  if (status !== undefined) {
    throw new WireError(Number(status), `asked_for_${status}`, `This model answers ${status}.`);
  }
  if (name === 'unknown-model') {
    throw new WireError(404, 'model_not_found', `The model \`${model}\` does not exist.`);
  }
}

const hugeBytes = 100 * 1024 * 1024;
const pieceBytes = 1024 * 1024;

/** Answers a whole request wrongly; false when the model asks for nothing of the kind. */
export async function answerWrongly(
  res: ServerResponse,
  model: string,
  stream: boolean,
): Promise<boolean> {
  const type = stream ? 'text/event-stream; charset=utf-8' : 'application/json';
  switch (lastPart(model)) {
    case 'stall':
      // Nothing comes until the other side gives up or the server closes.
      return true;
    case 'cut-before-head':
      res.destroy();
      return true;
    case 'error-invalid-json':
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{"id": "chatcmpl-1", "choices": [');
      return true;
    case 'error-html':
      res.writeHead(502, { 'content-type': 'text/html' });
      res.end('<html><body><h1>502 Bad Gateway</h1></body></html>');
      return true;
    case 'garbage-stream':
      res.writeHead(200, { 'content-type': type });
      res.end(Buffer.from('garbage \u0000\u0001 {]\n\ndata: {not json\n\ndata: 7\n\n'));
      return true;
    case 'huge':
      res.writeHead(200, { 'content-type': type });
      await writeHuge(res, stream ? 'data: {"id":"' : '{"id":"');
      return true;
    default:
      return false;
  }
}

async function writeHuge(res: ServerResponse, head: string): Promise<void> {
  const piece = Buffer.alloc(pieceBytes, 'x');
  res.write(head);
  for (let sent = 0; sent < hugeBytes && !res.destroyed; sent += pieceBytes) {
    if (!res.write(piece)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  if (!res.destroyed) res.end('"}\n\n');
}
