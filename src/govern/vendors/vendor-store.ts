/**
 * Vendors in `govern.db`: who is asked, and everything that was answered, found, measured and quoted, append-only.
 * A whole vendor is read at once: at most VENDOR_LIMITS.factsPerVendor small rows.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import { datedQuote, vendorQuote, type DatedQuote } from '../../records/vendor-quote.ts';
import type { GovernanceDb } from '../evidence/governance-db.ts';
import { checkAnswer } from './check-answer.ts';
import { safeName } from './safe-name.ts';
import { migrateVendorTables, type VendorDb, type VendorTables } from './vendor-db.ts';
import type { VendorFile } from './vendor-file.ts';
import {
  answer,
  answerInput,
  probeReport,
  review,
  vendor,
  VENDOR_LIMITS,
  type Answer,
  type AnswerInput,
  type ProbeReport,
  type Review,
  type Vendor,
} from './vendor-records.ts';
import { openVendorLinks, type VendorLinks } from './vendor-links.ts';

/** Who answers, and how the answers came in. */
export interface Answering {
  answeredBy: string;
  via: Answer['via'];
}

export interface StoredDocument {
  sha256: string;
  name: string;
  mediaType: string;
  bytes: number;
  atMs: number;
}

export interface VendorStore {
  list(): Promise<Vendor[]>;
  /** Null when there is no such vendor. */
  file(id: string): Promise<VendorFile | null>;
  files(): Promise<VendorFile[]>;
  /** Makes a vendor, or changes the name, kind and criticality of one. TR_FIELD_INVALID names the field. */
  put(ask: Omit<Vendor, 'atMs'>): Promise<Vendor>;
  /** Adds all answers or none. Repeats of what stands already are left out; the answers that were added. */
  addAnswers(id: string, answers: readonly AnswerInput[], by: Answering): Promise<Answer[]>;
  addReview(id: string, found: Omit<Review, 'atMs'>): Promise<Review>;
  addProbe(id: string, report: ProbeReport): Promise<void>;
  addQuote(id: string, quote: unknown): Promise<DatedQuote>;
  /** Takes over a whole file as `vendor export --json` writes it, with its times. What is there already is left out. */
  restore(file: VendorFile): Promise<{ added: number }>;
  addDocument(
    id: string,
    name: string,
    mediaType: string,
    content: Uint8Array,
  ): Promise<StoredDocument>;
  documents(id: string): Promise<StoredDocument[]>;
  document(id: string, sha256: string): Promise<(StoredDocument & { content: Uint8Array }) | null>;
  links: VendorLinks;
}

type FactKind = VendorTables['vendorFacts']['kind'];

/** Opens the store in an open governance database; the caller closes that. */
export async function openVendorStore(on: GovernanceDb, clock: Clock): Promise<VendorStore> {
  // The same database: these tables are in it once they are migrated.
  const db = on as unknown as VendorDb;
  await migrateVendorTables(db);
  const nowMs = (): number => clock.wallMs();
  const add = (id: string, kind: FactKind, bodies: readonly Timed[]): Promise<void> =>
    addFacts(db, id, kind, bodies);
  return {
    links: openVendorLinks(db, clock),
    list: () => listVendors(db),
    file: (id) => readFile(db, id),
    async files() {
      const files: VendorFile[] = [];
      for (const { id } of await listVendors(db)) {
        const file = await readFile(db, id);
        if (file !== null) files.push(file);
      }
      return files;
    },
    put: (ask) => putVendor(db, ask, nowMs()),
    async addAnswers(id, answers, by) {
      const atMs = nowMs();
      const file = await existing(db, id);
      const standing = new Map(file.answers.map((one) => [one.question, saidOf(one)]));
      const checked = answers.map((one) => ({ ...parse(answerInput, one), ...by, atMs }));
      for (const one of checked) unwrapAnswer(one);
      await requireDocuments(db, id, checked);
      const fresh = checked.filter((one) => standing.get(one.question) !== saidOf(one));
      await add(
        id,
        'answer',
        fresh.map((one) => parse(answer, one)),
      );
      return fresh;
    },
    async addReview(id, found) {
      await existing(db, id);
      const made = parse(review, { ...found, atMs: nowMs() });
      await add(id, 'review', [made]);
      return made;
    },
    async addProbe(id, report) {
      await existing(db, id);
      await add(id, 'probe', [parse(probeReport, report)]);
    },
    async addQuote(id, quote) {
      await existing(db, id);
      const made = { ...parse(vendorQuote, quote), atMs: nowMs() };
      await add(id, 'quote', [made]);
      return made;
    },
    restore: (file) => restoreFile(db, file, nowMs()),
    addDocument: (id, name, mediaType, content) =>
      addDocument(db, id, { name, mediaType, content }, nowMs()),
    documents: (id) =>
      db
        .selectFrom('vendorDocuments')
        .select(['sha256', 'name', 'mediaType', 'bytes', 'atMs'])
        .where('vendor', '=', id)
        .orderBy('atMs')
        .execute(),
    async document(id, sha256) {
      const row = await db
        .selectFrom('vendorDocuments')
        .select(['sha256', 'name', 'mediaType', 'bytes', 'atMs', 'content'])
        .where('vendor', '=', id)
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}

interface Timed {
  atMs: number;
}

const saidOf = ({ value, text, document }: AnswerInput): string =>
  JSON.stringify([value, text, document]);

/** The value as the schema has it; TR_VENDOR_INVALID names the field. */
function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const message = `${field === '' ? '' : `${field}: `}${issue?.message ?? 'is not valid'}`;
  throw new TailraceError('TR_VENDOR_INVALID', message, field === '' ? {} : { field });
}

function unwrapAnswer({ question, value, text, document }: AnswerInput): void {
  const checked = checkAnswer({ question, value, text, document });
  if (!checked.ok) throw checked.error;
}

async function listVendors(db: VendorDb): Promise<Vendor[]> {
  const rows = await db.selectFrom('vendors').select('body').orderBy('id').execute();
  return rows.map(({ body }) => vendor.parse(JSON.parse(body)));
}

async function readFile(db: VendorDb, id: string): Promise<VendorFile | null> {
  const row = await db.selectFrom('vendors').select('body').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const facts = await db
    .selectFrom('vendorFacts')
    .select(['kind', 'body'])
    .where('vendor', '=', id)
    .orderBy('atMs')
    .orderBy('seq')
    .execute();
  const of = <T>(kind: FactKind, schema: z.ZodType<T>): T[] =>
    facts.filter((one) => one.kind === kind).map((one) => schema.parse(JSON.parse(one.body)));
  return {
    vendor: vendor.parse(JSON.parse(row.body)),
    answers: of('answer', answer),
    reviews: of('review', review),
    probes: of('probe', probeReport),
    quotes: of('quote', datedQuote),
  };
}

async function existing(db: VendorDb, id: string): Promise<VendorFile> {
  const file = await readFile(db, id);
  if (file !== null) return file;
  throw new TailraceError('TR_NOT_FOUND', `there is no vendor "${id.slice(0, 63)}"`, {
    field: 'vendor',
  });
}

async function putVendor(db: VendorDb, ask: Omit<Vendor, 'atMs'>, nowMs: number): Promise<Vendor> {
  return db.transaction().execute((trx) => upsertVendor(trx, ask, nowMs));
}

async function upsertVendor(
  trx: VendorDb,
  ask: Omit<Vendor, 'atMs'>,
  nowMs: number,
): Promise<Vendor> {
  const before = await trx
    .selectFrom('vendors')
    .select('atMs')
    .where('id', '=', ask.id)
    .executeTakeFirst();
  const made = parse(vendor, { ...ask, atMs: before?.atMs ?? nowMs });
  const body = JSON.stringify(made);
  if (before !== undefined) {
    await trx.updateTable('vendors').set({ body }).where('id', '=', made.id).execute();
    return made;
  }
  const { count } = await trx
    .selectFrom('vendors')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (count >= VENDOR_LIMITS.vendors) refuse(`there are ${count} vendors already`, 'id');
  await trx.insertInto('vendors').values({ id: made.id, atMs: made.atMs, body }).execute();
  return made;
}

const addFacts = (
  db: VendorDb,
  id: string,
  kind: FactKind,
  bodies: readonly Timed[],
): Promise<void> => db.transaction().execute((trx) => insertFacts(trx, id, kind, bodies));

/** Within a transaction: all or none. */
async function insertFacts(
  trx: VendorDb,
  id: string,
  kind: FactKind,
  bodies: readonly Timed[],
): Promise<void> {
  if (bodies.length === 0) return;
  const { count } = await trx
    .selectFrom('vendorFacts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('vendor', '=', id)
    .executeTakeFirstOrThrow();
  if (count + bodies.length > VENDOR_LIMITS.factsPerVendor) {
    refuse(`${id} has ${count} entries already; export it and begin another`, 'vendor');
  }
  for (const one of bodies) {
    const row = { vendor: id, kind, atMs: one.atMs, body: JSON.stringify(one) };
    await trx.insertInto('vendorFacts').values(row).execute();
  }
}

/** A document that an answer names by its hash must have been uploaded for this vendor. */
async function requireDocuments(
  db: VendorDb,
  id: string,
  answers: readonly Answer[],
): Promise<void> {
  const rows = await db
    .selectFrom('vendorDocuments')
    .select('sha256')
    .where('vendor', '=', id)
    .execute();
  const known = new Set(rows.map(({ sha256 }) => sha256));
  for (const { question, document } of answers) {
    if (document?.sha256 == null || known.has(document.sha256)) continue;
    refuse(`${question}: no document of ${id} has this hash; upload it first`, 'document.sha256');
  }
}

async function restoreFile(
  db: VendorDb,
  file: VendorFile,
  nowMs: number,
): Promise<{ added: number }> {
  const { atMs: _, ...ask } = parse(vendor, file.vendor);
  for (const one of file.answers) unwrapAnswer(one);
  const kinds = [
    ['answer', file.answers.map((one) => parse(answer, one))],
    ['review', file.reviews.map((one) => parse(review, one))],
    ['probe', file.probes.map((one) => parse(probeReport, one))],
    ['quote', file.quotes.map((one) => parse(datedQuote, one))],
  ] as const;
  for (const [kind, all] of kinds) {
    if (all.some((one) => one.atMs > nowMs)) refuse(`${kind}: is dated in the future`, 'atMs');
  }
  return db.transaction().execute(async (trx) => {
    await upsertVendor(trx, ask, nowMs);
    const there = await existing(trx, ask.id);
    const known = new Set(
      [there.answers, there.reviews, there.probes, there.quotes].flatMap((list) =>
        list.map((one) => JSON.stringify(one)),
      ),
    );
    let added = 0;
    for (const [kind, all] of kinds) {
      const fresh = all.filter((one) => !known.has(JSON.stringify(one)));
      await insertFacts(trx, ask.id, kind, fresh);
      added += fresh.length;
    }
    return { added };
  });
}

async function addDocument(
  db: VendorDb,
  id: string,
  file: { name: string; mediaType: string; content: Uint8Array },
  nowMs: number,
): Promise<StoredDocument> {
  await existing(db, id);
  const { content } = file;
  const bytes = content.byteLength;
  if (bytes === 0) refuse('the document is empty', 'file');
  if (bytes > VENDOR_LIMITS.documentBytes) {
    const message = `the document has ${bytes} bytes, at most ${VENDOR_LIMITS.documentBytes} are kept`;
    throw new TailraceError('TR_BODY_TOO_LARGE', message, { field: 'file' });
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  const made = { ...safeName(file.name), sha256, bytes, atMs: nowMs };
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('vendorDocuments')
      .select(['sha256', 'name', 'mediaType', 'bytes', 'atMs'])
      .where('vendor', '=', id)
      .execute();
    const same = rows.find((one) => one.sha256 === sha256);
    if (same !== undefined) return same;
    if (rows.length >= VENDOR_LIMITS.documentsPerVendor) {
      refuse(`${id} has ${rows.length} documents already`, 'file');
    }
    await trx
      .insertInto('vendorDocuments')
      .values({ ...made, vendor: id, content })
      .execute();
    return made;
  });
}

function refuse(message: string, field: string): never {
  throw new TailraceError('TR_VENDOR_INVALID', message, { field });
}
