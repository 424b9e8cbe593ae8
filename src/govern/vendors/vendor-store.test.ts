import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openGovernanceDb, type GovernanceDb } from '../evidence/governance-db.ts';
import { VENDOR_LIMITS } from './vendor-records.ts';
import { openVendorStore, type VendorStore } from './vendor-store.ts';

const DAY_MS = 86_400_000;
let dir = '';
let nowMs = 1_800_000_000_000;
let db: GovernanceDb;
let store: VendorStore;
const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
const by = { answeredBy: 'ada@acme.example', via: 'api' } as const;
const acme = { id: 'acme', name: 'Acme', kind: 'vendor', critical: true } as const;
const said = (question: string, text: string) => ({ question, value: null, text, document: null });

beforeEach(async () => {
  nowMs = 1_800_000_000_000;
  dir = mkdtempSync(join(tmpdir(), 'tailrace-vendors-'));
  db = await openGovernanceDb(dir);
  store = await openVendorStore(db, clock);
  await store.put(acme);
});

afterEach(async () => {
  await db.destroy();
  rmSync(dir, { recursive: true, force: true });
});

it('keeps every answer with its time, and leaves out what was said already', async () => {
  await store.addAnswers('acme', [said('serving.price', '2 USD')], by);
  nowMs += DAY_MS;
  const again = await store.addAnswers('acme', [said('serving.price', '2 USD')], by);
  expect(again).toEqual([]);
  await store.addAnswers('acme', [said('serving.price', '3 USD')], by);
  const file = await store.file('acme');
  expect(file?.answers.map((one) => [one.text, one.atMs])).toEqual([
    ['2 USD', nowMs - DAY_MS],
    ['3 USD', nowMs],
  ]);
});

it('takes all answers or none', async () => {
  const some = [said('serving.price', 'fine'), said('serving.nothing', 'wrong')];
  await expect(store.addAnswers('acme', some, by)).rejects.toMatchObject({
    code: 'TR_VENDOR_INVALID',
    field: 'question',
  });
  expect((await store.file('acme'))?.answers).toEqual([]);
  await expect(store.addAnswers('nobody', [], by)).rejects.toMatchObject({ code: 'TR_NOT_FOUND' });
});

it('is the same after it was closed and opened again', async () => {
  await store.addAnswers('acme', [said('serving.price', '2 USD')], by);
  await store.addReview('acme', {
    question: 'serving.price',
    verdict: 'confirmed',
    note: 'invoice of May',
    by: 'bob',
  });
  const before = await store.file('acme');
  await db.destroy();
  db = await openGovernanceDb(dir);
  store = await openVendorStore(db, clock);
  expect(await store.file('acme')).toEqual(before);
});

it('restores an exported file elsewhere, once', async () => {
  await store.addAnswers('acme', [said('serving.price', '2 USD')], by);
  nowMs += DAY_MS;
  await store.addQuote('acme', {
    name: '64 H100',
    accelerator: 'h100-sxm',
    accelerators: 64,
    price: { basis: 'rent', usdPerAcceleratorHour: 2.1 },
    leadWeeks: { low: 4, high: 8 },
  });
  const file = await store.file('acme');
  if (file === null) throw new Error('no file');
  const other = mkdtempSync(join(tmpdir(), 'tailrace-vendors-'));
  const otherDb = await openGovernanceDb(other);
  const copy = await openVendorStore(otherDb, clock);
  expect(await copy.restore(file)).toEqual({ added: 2 });
  expect(await copy.restore(file)).toEqual({ added: 0 });
  expect((await copy.file('acme'))?.answers).toEqual(file.answers);
  expect((await copy.file('acme'))?.quotes).toEqual(file.quotes);
  await otherDb.destroy();
  rmSync(other, { recursive: true, force: true });
});

it('restores nothing of a file with one bad entry', async () => {
  const file = await store.file('acme');
  if (file === null) throw new Error('no file');
  const future = { ...said('serving.price', 'x'), ...by, atMs: nowMs + 1 };
  await expect(store.restore({ ...file, answers: [future] })).rejects.toMatchObject({
    code: 'TR_VENDOR_INVALID',
  });
  expect((await store.file('acme'))?.answers).toEqual([]);
});

it('keeps documents by content under a harmless name, up to a size', async () => {
  const content = new TextEncoder().encode('audit');
  const kept = await store.addDocument('acme', '../../etc/pass"wd\r\n.pdf', 'text/html', content);
  expect(kept.name).not.toMatch(/[/\\"\r\n]/);
  expect(kept.mediaType).toBe('application/pdf');
  const again = await store.addDocument('acme', 'other.pdf', 'x', content);
  expect(again).toEqual(kept);
  expect((await store.document('acme', kept.sha256))?.content).toEqual(content);
  const large = new Uint8Array(VENDOR_LIMITS.documentBytes + 1);
  await expect(store.addDocument('acme', 'a.pdf', '', large)).rejects.toMatchObject({
    code: 'TR_BODY_TOO_LARGE',
  });
  const document = {
    title: 'Audit',
    link: null,
    sha256: kept.sha256,
    date: '2026-01-01',
    validUntil: null,
  };
  const answer = { question: 'security.attestations', value: null, text: '', document };
  expect(await store.addAnswers('acme', [answer], by)).toHaveLength(1);
  const unknown = { ...answer, document: { ...document, sha256: '0'.repeat(64) } };
  await expect(store.addAnswers('acme', [unknown], by)).rejects.toMatchObject({
    field: 'document.sha256',
  });
});

it('opens links that it signed, until they end or are withdrawn', async () => {
  const link = await store.links.create('acme', 'ada@acme.example', 14);
  expect((await store.links.open(link.token)).vendor).toBe('acme');
  const forged = `${link.token.slice(0, -2)}${link.token.endsWith('AA') ? 'BB' : 'AA'}`;
  await expect(store.links.open(forged)).rejects.toMatchObject({ code: 'TR_LINK_INVALID' });
  const later = link.token.replace(/\.[0-9a-z]+\./, `.${(nowMs * 2).toString(36)}.`);
  await expect(store.links.open(later)).rejects.toMatchObject({ code: 'TR_LINK_INVALID' });
  await store.links.revoke(link.id);
  await expect(store.links.open(link.token)).rejects.toMatchObject({ code: 'TR_LINK_INVALID' });
  const other = await store.links.create('acme', 'ada', 1);
  nowMs += DAY_MS;
  await expect(store.links.open(other.token)).rejects.toMatchObject({ code: 'TR_LINK_EXPIRED' });
  await expect(store.links.create('acme', 'ada', 365)).rejects.toMatchObject({ field: 'days' });
  await expect(store.links.create('nobody', 'ada', 1)).rejects.toMatchObject({
    code: 'TR_NOT_FOUND',
  });
});
