import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEventHub, type EventHubOptions } from './event-hub.ts';

let recordsTotal = 0;
let isDown = false;
let asked = 0;
const ledger = {
  health: () => {
    asked += 1;
    if (isDown) return Promise.reject(new Error('down'));
    return Promise.resolve({ recordsTotal, newestRecordMs: null });
  },
} as unknown as EventHubOptions['ledger'];

beforeEach(() => {
  vi.useFakeTimers();
  recordsTotal = 0;
  asked = 0;
  isDown = false;
});
afterEach(() => vi.useRealTimers());

/** Collects what a stream sends, as long as it is read. */
function collect(stream: ReadableStream<Uint8Array> | null) {
  const got = { text: '', done: false };
  const reader = stream?.getReader();
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) break;
      got.text += decoder.decode(chunk.value, { stream: true });
    }
    got.done = true;
  };
  void read();
  return { got, cancel: () => reader?.cancel() };
}

const ticks = (text: string): string[] => [...text.matchAll(/^event: tick$/gm)].map(String);

test('one tick an interval when records came, none when none did', async () => {
  const hub = createEventHub({ ledger });
  const { got } = collect(hub.subscribe(() => true));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ticks(got.text)).toHaveLength(0);
  for (let i = 0; i < 5; i += 1) {
    recordsTotal += 10;
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(ticks(got.text)).toHaveLength(1);
  expect(got.text).toContain('data: {"recordsTotal":50,"newestRecordMs":null}\n\n');
});

test('a heartbeat every 15 seconds', async () => {
  const hub = createEventHub({ ledger });
  const { got } = collect(hub.subscribe(() => true));
  await vi.advanceTimersByTimeAsync(31_000);
  expect(got.text.match(/: heartbeat/g)).toHaveLength(2);
});

test('the ledger is asked once for all, and not at all when nobody listens', async () => {
  const hub = createEventHub({ ledger });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(0);
  const clients = [1, 2, 3].map(() => collect(hub.subscribe(() => true)));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(6);
  for (const client of clients) await client.cancel();
  expect(hub.clientCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(6);
});

test('clients are bounded, and a cancelled one makes room', async () => {
  const hub = createEventHub({ ledger, maxClients: 2 });
  const first = collect(hub.subscribe(() => true));
  expect(hub.subscribe(() => true)).not.toBeNull();
  expect(hub.subscribe(() => true)).toBeNull();
  await first.cancel();
  expect(hub.subscribe(() => true)).not.toBeNull();
});

test('a stream ends when its key is revoked', async () => {
  const hub = createEventHub({ ledger });
  let isCurrent = true;
  const { got } = collect(hub.subscribe(() => isCurrent));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got.done).toBe(false);
  isCurrent = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(got.done).toBe(true);
  expect(hub.clientCount()).toBe(0);
});

test('a reader that does not read is dropped, and does not grow', async () => {
  const hub = createEventHub({ ledger });
  hub.subscribe(() => true);
  const { got } = collect(hub.subscribe(() => true));
  for (let i = 0; i < 20; i += 1) {
    recordsTotal += 1;
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(hub.clientCount()).toBe(1);
  expect(ticks(got.text).length).toBeGreaterThan(18);
});

test('a ledger that is down has no news, and its return is told', async () => {
  const hub = createEventHub({ ledger });
  const { got } = collect(hub.subscribe(() => true));
  await vi.advanceTimersByTimeAsync(1_000);
  isDown = true;
  recordsTotal = 5;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ticks(got.text)).toHaveLength(0);
  isDown = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ticks(got.text)).toHaveLength(1);
});
