import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { GovernanceDb } from './governance-db.ts';

/** Largest document that is kept, bytes. */
export const MAX_DOCUMENT_BYTES = 10_485_760;
/** All documents together, bytes: the database must stay easy to copy. */
const MAX_ALL_BYTES = 2_147_483_648;
const MAX_NAME = 120;

export interface KeptDocument {
  sha256: string;
  name: string;
  mediaType: string;
  bytes: number;
  atMs: number;
}

/** Documents that were uploaded, each once, by its SHA-256. The name is only shown: nothing is written under it. */
export interface DocumentStore {
  /** TR_FIELD_INVALID for a name that hides something, TR_BODY_TOO_LARGE. */
  put(document: {
    name: string;
    mediaType: string;
    content: Uint8Array;
    nowMs: number;
  }): Promise<Result<KeptDocument>>;
  get(sha256: string): Promise<(KeptDocument & { content: Uint8Array }) | null>;
}

export function openDocumentStore(db: GovernanceDb): DocumentStore {
  return {
    async put({ name, mediaType, content, nowMs }) {
      const problem = nameProblem(name);
      if (problem !== null) {
        return fail('TR_FIELD_INVALID', `name: ${problem}`, { field: 'name' });
      }
      if (content.byteLength === 0) {
        return fail('TR_FIELD_INVALID', 'the document is empty', { field: 'body' });
      }
      if (content.byteLength > MAX_DOCUMENT_BYTES) {
        const message = `a document has at most ${MAX_DOCUMENT_BYTES} bytes; link to it instead`;
        return fail('TR_BODY_TOO_LARGE', message);
      }
      const sha256 = createHash('sha256').update(content).digest('hex');
      const bytes = content.byteLength;
      const { all } = await db
        .selectFrom('documents')
        .select((query) => query.fn.sum<number | null>('bytes').as('all'))
        .executeTakeFirstOrThrow();
      if ((all ?? 0) + bytes > MAX_ALL_BYTES) {
        return fail('TR_BODY_TOO_LARGE', 'no room for more documents; link to them instead');
      }
      const row = { sha256, name, mediaType: mediaType.slice(0, 100), bytes, atMs: nowMs };
      await db
        .insertInto('documents')
        .values({ ...row, content })
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute();
      return ok(row);
    },
    async get(sha256) {
      const row = await db
        .selectFrom('documents')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}

/** What is wrong with a file name; null when it is a plain one. Path parts, control and direction marks are refused. */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'is empty';
  if (name.length > MAX_NAME) return `has more than ${MAX_NAME} characters`;
  if (/[/\\]/.test(name) || name === '.' || name === '..') return 'must not hold a path';
  // Format characters (Cf) turn the reading direction, so that `exe.pdf` hides what it is.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return 'holds characters that do not show';
  return null;
}
