import { TailraceError } from '../../records/errors.ts';
import { evidenceItem, isMeasured, type EvidenceItem } from '../../records/evidence-item.ts';
import type { GovernanceDb } from './governance-db.ts';

const DAY_MS = 86_400_000;

/** What one asks the history for. */
export interface EvidenceQuery {
  condition?: string | undefined;
  service?: string | null | undefined;
  /** Older items and withdrawn ones too. */
  history: boolean;
  limit: number;
}

/** A stored item; `withdrawnMs` is set when its bringer took it back. It stays in the history. */
export interface StoredEvidence {
  item: EvidenceItem;
  withdrawnMs: number | null;
}

/** Evidence in `govern.db`. Nothing is deleted. */
export interface EvidenceStore {
  /** Adds items; a measurement with the same outcome on the same UTC day takes the place of the day's earlier one. */
  add(items: readonly EvidenceItem[]): Promise<void>;
  /** What counts now: the latest of each measurement, and all that people brought and did not withdraw. */
  current(): Promise<EvidenceItem[]>;
  find(query: EvidenceQuery): Promise<StoredEvidence[]>;
  get(id: string): Promise<StoredEvidence | null>;
  /** Takes back what a person brought. TR_NOT_FOUND; TR_FIELD_INVALID for a measurement. */
  withdraw(id: string, by: string, nowMs: number): Promise<EvidenceItem>;
}

export function openEvidenceStore(db: GovernanceDb): EvidenceStore {
  const get = async (id: string): Promise<StoredEvidence | null> => {
    const row = await db
      .selectFrom('evidence')
      .select(['body', 'withdrawnMs'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : toStored(row);
  };
  return {
    add: (items) => addItems(db, items),
    async current() {
      const rows = await db
        .selectFrom('evidence')
        .select(['body', 'withdrawnMs'])
        .where('current', '=', 1)
        .orderBy('atMs')
        .orderBy('id')
        .execute();
      return rows.map((row) => toStored(row).item);
    },
    get,
    async find(query) {
      let rows = db.selectFrom('evidence').select(['body', 'withdrawnMs']);
      if (query.condition !== undefined) rows = rows.where('condition', '=', query.condition);
      if (query.service !== undefined) rows = rows.where('service', '=', query.service ?? '');
      if (!query.history) rows = rows.where('current', '=', 1);
      const found = await rows
        .orderBy('atMs', 'desc')
        .orderBy('id', 'desc')
        .limit(query.limit)
        .execute();
      return found.map(toStored);
    },
    async withdraw(id, by, nowMs) {
      const found = await get(id);
      if (found === null) {
        throw new TailraceError('TR_NOT_FOUND', 'no evidence has this id', { field: 'id' });
      }
      if (isMeasured(found.item.source)) {
        const message = 'what the platform measured cannot be withdrawn; it grows old by itself';
        throw new TailraceError('TR_FIELD_INVALID', message, { field: 'id' });
      }
      await db
        .updateTable('evidence')
        .set({ withdrawnMs: nowMs, withdrawnBy: by, current: 0 })
        .where('id', '=', id)
        .where('withdrawnMs', 'is', null)
        .execute();
      return found.item;
    },
  };
}

async function addItems(db: GovernanceDb, items: readonly EvidenceItem[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const item of items) {
      if (isMeasured(item.source)) await replaceBy(trx, item);
      await trx.insertInto('evidence').values(toRow(item)).execute();
    }
  });
}

/** The measurement that counted until now; gone when it said the same on the same UTC day. */
async function replaceBy(db: GovernanceDb, item: EvidenceItem): Promise<void> {
  const before = await db
    .selectFrom('evidence')
    .select(['id', 'holds', 'grade', 'atMs'])
    .where('condition', '=', item.condition)
    .where('service', '=', item.service ?? '')
    .where('source', '=', item.source)
    .where('current', '=', 1)
    .executeTakeFirst();
  if (before === undefined) return;
  const isRepeat =
    Math.floor(before.atMs / DAY_MS) === Math.floor(item.atMs / DAY_MS) &&
    before.holds === Number(item.holds) &&
    before.grade === item.grade;
  await (isRepeat
    ? db.deleteFrom('evidence').where('id', '=', before.id).execute()
    : db.updateTable('evidence').set({ current: 0 }).where('id', '=', before.id).execute());
}

const toRow = (item: EvidenceItem) => ({
  id: item.id,
  condition: item.condition,
  service: item.service ?? '',
  source: item.source,
  holds: Number(item.holds),
  grade: item.grade,
  atMs: item.atMs,
  current: 1,
  withdrawnMs: null,
  withdrawnBy: null,
  body: JSON.stringify(item),
});

const toStored = (row: { body: string; withdrawnMs: number | null }): StoredEvidence => ({
  item: evidenceItem.parse(JSON.parse(row.body)),
  withdrawnMs: row.withdrawnMs,
});
