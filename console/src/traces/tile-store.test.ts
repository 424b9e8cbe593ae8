import { expect, test } from 'vitest';
import { createTileStore } from './tile-store.ts';

/** The smallest tile: no item, no lane, no track. */
function emptyTile(): Blob {
  const bytes = new DataView(new ArrayBuffer(40));
  bytes.setUint32(0, 0x54545254, true);
  bytes.setUint32(4, 1, true);
  return new Blob([bytes.buffer]);
}

interface Asked {
  query: Record<string, unknown>;
  signal: AbortSignal;
  answer: (blob: Blob) => void;
  fail: (error: Error) => void;
}

function openStore() {
  const asked: Asked[] = [];
  const failures: unknown[] = [];
  const client = {
    file: (_path: string, query: object, signal: AbortSignal) =>
      new Promise<Blob>((answer, fail) => {
        asked.push({ query: { ...query }, signal, answer, fail });
      }),
  };
  const store = createTileStore(
    client,
    () => undefined,
    (error) => failures.push(error),
  );
  return { store, asked, failures };
}

const ask = (index: number, level = 5) => ({ trace: 't', level, index });
const later = () => new Promise((resolve) => setTimeout(resolve, 0));

test('asks a few at a time and in order, keeps what came, and never twice', async () => {
  const { store, asked } = openStore();
  const wanted = [0, 1, 2, 3, 4, 5].map((index) => ask(index));
  store.want(wanted);
  expect(asked.map(({ query }) => query['tile'])).toEqual([0, 1, 2, 3]);
  asked[0]?.answer(emptyTile());
  await later();
  expect(asked.map(({ query }) => query['tile'])).toEqual([0, 1, 2, 3, 4]);
  expect(store.peek(ask(0))).not.toBeNull();
  expect(store.peek(ask(1))).toBeNull();
  store.want(wanted);
  expect(asked).toHaveLength(5);
  store.close();
});

test('gives up what is no longer wanted, and may ask for it again', () => {
  const { store, asked } = openStore();
  store.want([ask(0), ask(1)]);
  store.want([ask(1)]);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  store.want([ask(0), ask(1)]);
  expect(asked).toHaveLength(3);
  store.close();
  expect(asked.at(-1)?.signal.aborted).toBe(true);
});

test('a coarser tile stands in; one that failed is told once and not asked for again', async () => {
  const { store, asked, failures } = openStore();
  store.want([ask(1, 3)]);
  asked[0]?.answer(emptyTile());
  await later();
  expect(store.coarser(ask(7, 5))).not.toBeNull();
  expect(store.coarser(ask(8, 5))).toBeNull();
  store.want([ask(9)]);
  asked[1]?.fail(new Error('gone'));
  await later();
  store.want([ask(9)]);
  expect(asked).toHaveLength(2);
  expect(failures).toHaveLength(1);
  store.close();
});

test('bytes that are no tile are a failure', async () => {
  const { store, asked, failures } = openStore();
  store.want([ask(0)]);
  asked[0]?.answer(new Blob(['no tile at all, but long enough to be read as the head of one']));
  await later();
  await later();
  expect(String(failures[0])).toContain('not a tile');
  store.close();
});
