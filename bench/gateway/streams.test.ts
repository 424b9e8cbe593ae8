import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { slope } from './cases/memory.ts';
import { requestReader } from './http-request-reader.ts';
import { runStreams, type StreamsResult } from './streams.ts';
import { contentFrame, DONE_FRAME, sequenceOf } from './wire.ts';

let server: Server | null = null;
afterEach(() => server?.close());

/** Streams of three frames over a server that sends the given sequence numbers and stays or cuts. */
async function streamed(sequences: number[], cut = false): Promise<StreamsResult> {
  const body = sequences.map(contentFrame).join('') + (cut ? '' : DONE_FRAME);
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n${cut ? '' : '0\r\n\r\n'}`;
  const started = createServer((socket) => {
    const reader = requestReader(() => {
      socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`, () => {
        if (cut) socket.end();
      });
    });
    socket.on('data', (bytes) => reader.push(bytes));
    socket.on('error', () => socket.destroy());
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  const { port } = started.address() as AddressInfo;
  const endpoint = { port, path: '/v1/chat/completions', headers: {} };
  return runStreams(endpoint, { frames: 3, paceMs: 0 }, { count: 1, seconds: 0.05 });
}

// The checker itself must be able to fail, or "no frame lost" says nothing.
describe('the integrity check', () => {
  it('passes whole streams', async () => {
    const result = await streamed([0, 1, 2]);
    expect(result.streams).toBeGreaterThan(0);
    expect(result).toMatchObject({ lost: 0, disordered: 0, failed: 0 });
  });

  it('sees a lost frame', async () => {
    const result = await streamed([0, 2]);
    expect(result.lost).toBe(result.streams);
    expect(result.disordered).toBe(result.streams);
  });

  it('sees frames in the wrong order', async () => {
    const result = await streamed([0, 2, 1]);
    expect(result.lost).toBe(0);
    expect(result.disordered).toBe(result.streams);
  });

  it('sees a frame that came twice', async () => {
    const result = await streamed([0, 1, 1]);
    expect(result.disordered).toBe(result.streams);
  });

  it('sees a stream that was cut', async () => {
    const result = await streamed([0, 1], true);
    expect(result).toMatchObject({ streams: 1, lost: 1, failed: 1 });
  });
});

it('reads sequence numbers whatever the spacing of the JSON', () => {
  expect(sequenceOf(contentFrame(17))).toBe(17);
  expect(sequenceOf('data: {"choices": [{"delta": {"content": " 3"}}]}')).toBe(3);
  expect(sequenceOf('data: {"choices":[{"delta":{"content":""}}]}')).toBeNull();
});

it('fits the slope of a line', () => {
  const samples = Array.from({ length: 50 }, (_, i) => ({ atS: i, mib: 100 + i * 0.25 + (i % 2) }));
  expect(slope(samples)).toBeCloseTo(0.25, 2);
});
