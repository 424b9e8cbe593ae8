import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../records/clock.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { requestRecord, type RequestRecord } from '../../records/request-record.ts';

/** The control API of a running instance; paths start with `/api/v1/`. */
export interface ControlApi {
  getJson(path: string): Promise<unknown>;
}

/** Records at most that are read for one comparison. */
export const MAX_RECORDS_READ = 500_000;

const PAGE = 500;
const POLL_MS = 200;
/** Paging is repeated when other traffic moved the pages under it. */
const PAGING_TRIES = 3;

const requestPage = z.object({ total: z.int().nonnegative(), records: z.array(requestRecord) });

/** What is kept of a record: a tenth of its size. */
export type LedgerLine = Pick<
  RequestRecord,
  'id' | 'service' | 'engine' | 'status' | 'outcome' | 'tokens' | 'latency'
>;

export interface LedgerWindow {
  fromMs: number;
  toMs: number;
}

/** Waits until the ledger holds `count` records of the window, at most `waitMs`; says how many. */
export async function waitForRecords(
  api: ControlApi,
  window: LedgerWindow,
  count: number,
  { waitMs, clock }: { waitMs: number; clock: Clock },
): Promise<number> {
  const endMs = clock.monoMs() + waitMs;
  for (;;) {
    const { total } = await page(api, window, 0, 1);
    if (total >= count || clock.monoMs() >= endMs) return total;
    await delay(POLL_MS);
  }
}

/** All records of the window, by time. Fails when there are too many, or they keep changing. */
export async function readRecords(
  api: ControlApi,
  window: LedgerWindow,
): Promise<Result<LedgerLine[]>> {
  for (let tries = 0; tries < PAGING_TRIES; tries += 1) {
    const { total } = await page(api, window, 0, 1);
    if (total > MAX_RECORDS_READ) {
      const message = `the window holds ${total} records, more than the ${MAX_RECORDS_READ} read`;
      return fail('TR_WINDOW_INVALID', message);
    }
    const lines: LedgerLine[] = [];
    let stable = true;
    for (let offset = 0; offset < total && stable; offset += PAGE) {
      const { total: totalNow, records } = await page(api, window, offset, PAGE);
      stable = totalNow === total;
      for (const record of records) lines.push(lineOf(record));
    }
    if (stable) return ok(lines);
  }
  return fail('TR_BUSY', 'other traffic keeps changing the window while it is read');
}

function lineOf(record: RequestRecord): LedgerLine {
  const { id, service, engine, status, outcome, tokens, latency } = record;
  return { id, service, engine, status, outcome, tokens, latency };
}

async function page(api: ControlApi, window: LedgerWindow, offset: number, limit: number) {
  const query = new URLSearchParams({
    fromMs: String(window.fromMs),
    toMs: String(window.toMs),
    sort: 'startedAt',
    order: 'asc',
    limit: String(limit),
    offset: String(offset),
  });
  return requestPage.parse(await api.getJson(`/api/v1/requests?${query.toString()}`));
}
