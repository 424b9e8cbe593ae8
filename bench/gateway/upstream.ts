/**
 * The mock upstream of the benches, a process of its own: node:net and prebuilt bytes, because it has to be
 * several times faster than any gateway in front of it. Prints its port as one line of JSON.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { requestReader } from './http-request-reader.ts';
import { createPacer } from './pacer.ts';
import { contentFrame, DONE_FRAME, FINISH_FRAME, MODEL, UNARY_REPLY, usageFrame } from './wire.ts';

const json = (body: string): Buffer =>
  Buffer.from(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

const unaryReply = json(UNARY_REPLY);
const modelsReply = json(
  JSON.stringify({ object: 'list', data: [{ id: MODEL, object: 'model', owned_by: 'bench' }] }),
);
const healthReply = json('{}');
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n' +
  'transfer-encoding: chunked\r\n\r\n';

const chunked = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** Content frames in their HTTP chunks, made once. */
const frames: Buffer[] = [];
const frameAt = (sequence: number): Buffer =>
  (frames[sequence] ??= Buffer.from(chunked(contentFrame(sequence))));

const pacer = createPacer();

function answer(socket: Socket, head: string, body: Buffer): void {
  if (head.startsWith('GET')) {
    socket.write(head.startsWith('GET /v1/models') ? modelsReply : healthReply);
    return;
  }
  const text = body.toString('latin1');
  if (!/"stream": ?true/.test(text)) {
    socket.write(unaryReply);
    return;
  }
  const total = Number(/"max_tokens": ?(\d+)/.exec(text)?.[1] ?? 16);
  const paceMs = Number(/"user": ?"pace-(\d+)"/.exec(text)?.[1] ?? 0);
  const tail = Buffer.from(
    chunked(FINISH_FRAME) +
      (/"include_usage": ?true/.test(text) ? chunked(usageFrame(total)) : '') +
      chunked(DONE_FRAME) +
      '0\r\n\r\n',
  );
  socket.write(Buffer.concat([Buffer.from(streamHead), frameAt(0)]));
  if (paceMs === 0) {
    for (let sequence = 1; sequence < total; sequence += 1) socket.write(frameAt(sequence));
    socket.write(tail);
    return;
  }
  let next = 1;
  pacer.add(paceMs, () => {
    if (socket.destroyed) return false;
    if (next >= total) {
      socket.write(tail);
      return false;
    }
    socket.write(frameAt(next));
    next += 1;
    return true;
  });
}

const server = createServer({ noDelay: true }, (socket) => {
  const reader = requestReader((head, body) => answer(socket, head, body));
  socket.on('data', (chunk) => reader.push(chunk));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 4096, () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
