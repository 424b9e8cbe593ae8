import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { configSchema, type Config } from '../../config/schema.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import { realJournalFs, type JournalFs } from './journal-fs.ts';
import { readSegment, type SegmentRead } from './reader.ts';
import { listSegments } from './segments.ts';
import { openJournal, type Journal, type JournalOptions } from './writer.ts';

/** A folder that goes away with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function journalConfig(change: Partial<Config['journal']> = {}): Config['journal'] {
  return { ...configSchema.shape.journal.parse(undefined), ...change };
}

/** A journal that is closed with the test. */
export function testJournal(
  dir: string,
  change: Partial<Config['journal']> = {},
  options: Partial<JournalOptions> = {},
): Journal {
  const clock = { wallMs: () => 1_800_000_000_000, monoMs: () => 0 };
  const config = journalConfig(change);
  const journal = openJournal({ dir, worker: 'worker-1', config, clock, ...options });
  onTestFinished(() => journal.close());
  return journal;
}

/** A rejected request: the smallest record there is; `n` makes its id. */
export function smallRecord(n: number, tenant: string | null = null): RequestRecord {
  return {
    v: 1,
    id: `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    startedAtMs: 1_800_000_000_000 + n,
    endedAtMs: 1_800_000_000_001 + n,
    service: null,
    route: null,
    engine: null,
    modelAsked: null,
    modelServed: null,
    keyId: null,
    tenant,
    feature: null,
    promptVersion: null,
    dialectIn: 'openai-chat',
    dialectOut: null,
    stream: false,
    outcome: 'rejected',
    status: 401,
    errorCode: 'TR_AUTH_INVALID',
    attempts: [],
    latency: {
      e2eMs: 1,
      queueMs: 0,
      gatewayMs: 1,
      retryMs: 0,
      ttftMs: null,
      tpotMeanMs: null,
      tpotMaxMs: null,
      engineQueueMs: null,
      prefillMs: null,
      decodeMs: null,
    },
    tokens: { in: null, cachedIn: null, cacheWrite: null, out: null, reasoning: null },
    usageSource: 'unknown',
    cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
    energy: { energyWh: null, basis: 'unknown' },
    cache: 'off',
    simulated: false,
    content: null,
  };
}

/** Everything one file holds, read in pieces. */
export async function readFile(
  path: string,
  { pieceBytes = 65_536, closed = true } = {},
): Promise<Omit<SegmentRead, 'atEnd'>> {
  const all = {
    payloads: [] as Buffer[],
    ends: [] as number[],
    corruptFrames: 0,
    lostRecords: 0,
    nextOffset: 0,
  };
  for (;;) {
    const read = await readSegment(path, all.nextOffset, pieceBytes, closed);
    all.payloads.push(...read.payloads);
    all.ends.push(...read.ends);
    all.corruptFrames += read.corruptFrames;
    all.lostRecords += read.lostRecords;
    if (!read.atEnd && read.nextOffset <= all.nextOffset) throw new Error('reading stands still');
    all.nextOffset = read.nextOffset;
    if (read.atEnd) return all;
  }
}

/** Ids of all records of a folder, in the order of files and frames, and what was counted. */
export async function readFolder(
  dir: string,
): Promise<{ ids: string[]; lostRecords: number; corruptFrames: number }> {
  const all = { ids: [] as string[], lostRecords: 0, corruptFrames: 0 };
  for (const { path } of listSegments(dir)) {
    const read = await readFile(path);
    all.ids.push(...read.payloads.map((one) => (JSON.parse(String(one)) as RequestRecord).id));
    all.lostRecords += read.lostRecords;
    all.corruptFrames += read.corruptFrames;
  }
  return all;
}

/** A real file system with a disk that can fill up or break while the test runs. */
export class FaultyFs implements JournalFs {
  /** Bytes that the disk still takes; a write that meets the end is short, the next one fails. */
  roomBytes = Infinity;
  /** Thrown by the next write after it took half of the bytes. */
  breakWrite: string | null = null;
  breakSync: string | null = null;
  syncs = 0;
  inFlight = 0;
  inFlightMax = 0;
  makeDir = (path: string): Promise<void> => realJournalFs.makeDir(path);
  remove = (path: string): Promise<void> => realJournalFs.remove(path);
  syncDir = (path: string): Promise<void> => realJournalFs.syncDir(path);

  async create(path: string): ReturnType<JournalFs['create']> {
    const file = await realJournalFs.create(path);
    return {
      ...file,
      write: async (bytes, position) => {
        this.inFlight += 1;
        this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
        try {
          return await this.#write(file, bytes, position);
        } finally {
          this.inFlight -= 1;
        }
      },
      sync: async () => {
        const code = this.breakSync;
        this.breakSync = null;
        if (code !== null) throw Object.assign(new Error(`${code}: sync`), { code });
        this.syncs += 1;
        await file.sync();
      },
    };
  }

  async #write(
    file: Awaited<ReturnType<JournalFs['create']>>,
    bytes: Buffer,
    position: number,
  ): Promise<number> {
    const code = this.breakWrite;
    if (code !== null) {
      this.breakWrite = null;
      await file.write(bytes.subarray(0, bytes.length >> 1), position);
      throw Object.assign(new Error(`${code}: write`), { code });
    }
    if (this.roomBytes === 0) throw Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
    const written = await file.write(bytes.subarray(0, this.roomBytes), position);
    this.roomBytes -= written;
    return written;
  }
}
