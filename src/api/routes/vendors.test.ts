import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  openGovernanceDbInMemory,
  type GovernanceDb,
} from '../../govern/evidence/governance-db.ts';
import { openVendorStore } from '../../govern/vendors/vendor-store.ts';
import { VENDOR_LIMITS } from '../../govern/vendors/vendor-records.ts';
import { NOW_MS, openTestControl, type TestControl } from '../test-control.ts';

const clock = { wallMs: () => NOW_MS, monoMs: () => performance.now() };
let db: GovernanceDb;
let control: TestControl;

beforeEach(async () => {
  db = await openGovernanceDbInMemory();
  control = openTestControl({ vendors: await openVendorStore(db, clock) });
  await post('/api/v1/vendors', { id: 'acme', name: 'Acme <b>& Co', critical: true });
});

afterEach(async () => {
  await control.close();
  await db.destroy();
});

const post = (path: string, body: unknown): Promise<Response> =>
  control.ask(path, { method: 'POST', body: JSON.stringify(body) });
const postText = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
): Promise<Response> =>
  control.ask(path, { method: 'POST', body, headers: { 'content-type': type } });
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

async function newLink(): Promise<string> {
  const made = await post('/api/v1/vendors/acme/links', { recipient: 'ada@acme.example' });
  return ((await made.json()) as { path: string }).path;
}

/** A visit without any key, as the vendor makes it. */
const visit = (path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers({ host: '127.0.0.1:8787' });
  new Headers(init.headers).forEach((value, name) => headers.set(name, value));
  return Promise.resolve(control.app.request(`http://127.0.0.1:8787${path}`, { ...init, headers }));
};
const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

it('lists vendors with scores, compares them and tells what changed', async () => {
  const answers = [
    { question: 'serving.pinned', value: 'yes', text: '', document: null },
    { question: 'data.training-use', value: 'yes', text: '', document: null },
  ];
  expect((await post('/api/v1/vendors/acme/answers', { answers })).status).toBe(200);
  const list = await (await control.ask('/api/v1/vendors')).json();
  expect(list).toMatchObject({ vendors: [{ id: 'acme', answered: 2, grades: [75, 2, 0, 0] }] });
  const comparison = await control.ask('/api/v1/vendors/comparison?weights=serving%3D3');
  const { rows } = (await comparison.json()) as {
    rows: Array<{ question: string; weight: number; cells: Array<{ isUnwanted: boolean }> }>;
  };
  expect(rows).toHaveLength(77);
  expect(rows.find((row) => row.question === 'serving.errors')?.weight).toBe(3);
  expect(rows.find((row) => row.question === 'data.training-use')?.cells[0]?.isUnwanted).toBe(true);
  const diff = await control.ask(`/api/v1/vendors/acme/diff?fromMs=${NOW_MS - 1}`);
  expect(await diff.json()).toMatchObject({ changes: [{ kind: 'answer' }, { kind: 'answer' }] });
});

it('takes back as CSV what it gave out', async () => {
  const answers = [
    { question: 'serving.price', value: null, text: '=2+3, "quoted"\nnext line', document: null },
    { question: 'serving.ttft-p95', value: 412.5, text: 'at 80 %', document: null },
  ];
  await post('/api/v1/vendors/acme/answers', { answers });
  const csv = await (await control.ask('/api/v1/vendors/acme/answers.csv')).text();
  await post('/api/v1/vendors', { id: 'copy', name: 'Copy' });
  const taken = await postText('/api/v1/vendors/copy/answers.csv', csv, 'text/csv');
  expect(await taken.json()).toEqual({ added: 2 });
  expect(await (await control.ask('/api/v1/vendors/copy/answers.csv')).text()).toBe(csv);
});

it('refuses bad CSV with its place, and takes nothing of it', async () => {
  const csv = 'question,value,answer\nserving.price,,fine\nserving.ttft-p95,fast,\n';
  const refused = await postText('/api/v1/vendors/acme/answers.csv', csv, 'text/csv');
  expect(refused.status).toBe(400);
  const { error } = (await refused.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe('TR_VENDOR_INVALID');
  expect(error.message).toContain('line 3, value');
  expect(await (await control.ask('/api/v1/vendors/acme')).json()).toMatchObject({ answers: [] });
});

it('keeps documents and gives them back as downloads only', async () => {
  const name = encodeURIComponent('../../x"\r\nSet-Cookie: a=b.html');
  const path = `/api/v1/vendors/acme/documents?name=${name}`;
  const kept = await postText(path, new Uint8Array([60, 98, 62]), 'application/octet-stream');
  const { sha256 } = (await kept.json()) as { sha256: string };
  const back = await control.ask(`/api/v1/vendors/acme/documents/${sha256}`);
  expect(back.headers.get('content-type')).toBe('application/octet-stream');
  expect(back.headers.get('content-disposition')).toMatch(
    /^attachment; filename\*=UTF-8''[\w.%-]+$/,
  );
  expect(new Uint8Array(await back.arrayBuffer())).toEqual(new Uint8Array([60, 98, 62]));
  const large = new Uint8Array(VENDOR_LIMITS.documentBytes + 1);
  const refused = await postText(path, large, 'application/octet-stream');
  expect(refused.status).toBe(413);
  expect(await codeOf(refused)).toBe('TR_BODY_TOO_LARGE');
});

it('answers a signed link with a page that escapes everything and runs nothing', async () => {
  const path = await newLink();
  const page = await visit(path);
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self'");
  const text = await page.text();
  expect(text).toContain('Acme &lt;b&gt;&amp; Co');
  expect(text).not.toContain('<script');
  const style = /<style>([^]*?)<\/style>/.exec(text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toContain(`'sha256-${hash}'`);
  const saved = await visit(
    path,
    form({ 'serving.price/text': '"></textarea><script>1</script>' }),
  );
  expect(saved.status).toBe(200);
  expect(await saved.text()).not.toContain('<script');
  const lines = 'one\n two';
  const again = await visit(path, form({ 'serving.price/text': lines }));
  // A line break right after the tag is not part of the text (WHATWG HTML, 13.1.2.6).
  const box = /name="serving.price\/text"[^>]*>\n?([^]*?)<\/textarea/.exec(await again.text());
  expect(box?.[1]).toBe(lines);
  const file = await (await control.ask('/api/v1/vendors/acme')).json();
  expect(file).toMatchObject({
    answers: [{ answeredBy: 'ada@acme.example', via: 'link' }, { text: 'one\n two' }],
  });
});

it('saves what is right and shows again what is not', async () => {
  const path = await newLink();
  const fields = { 'serving.price/text': 'two dollars', 'serving.ttft-p95/value': 'quick' };
  const page = await visit(path, form(fields));
  expect(page.status).toBe(400);
  const text = await page.text();
  expect(text).toContain('value="quick"');
  expect(text).toContain('takes a number (ms)');
  const { answers } = (await (await control.ask('/api/v1/vendors/acme')).json()) as {
    answers: unknown[];
  };
  expect(answers).toHaveLength(1);
});

it('attaches an uploaded file to an answer, whatever its name', async () => {
  const path = await newLink();
  const body = new FormData();
  body.set('question', 'security.attestations');
  body.set('title', 'SOC 2');
  body.set('date', '2026-06-01');
  body.set('file', new File(['audit'], '../../../etc/<img src=x>.pdf'));
  const encoded = new Response(body);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  const bytes = await encoded.arrayBuffer();
  const page = await visit(`${path}/documents`, { method: 'POST', body: bytes, headers });
  expect(page.status).toBe(200);
  expect(await page.text()).not.toContain('<img');
  const list = await (await control.ask('/api/v1/vendors')).json();
  expect(list).toMatchObject({ vendors: [{ grades: [76, 0, 1, 0] }] });
});

it('refuses forged, withdrawn and foreign links with a code, and asks no key of the right one', async () => {
  const path = await newLink();
  const forged = await visit(`${path.slice(0, -3)}abc`);
  expect(forged.status).toBe(403);
  expect(await forged.text()).toContain('TR_LINK_INVALID');
  const file = (await (await control.ask('/api/v1/vendors/acme')).json()) as {
    links: Array<{ id: string }>;
  };
  const id = file.links[0]?.id ?? '';
  await control.ask(`/api/v1/vendors/acme/links/${id}`, { method: 'DELETE' });
  expect((await visit(path)).status).toBe(403);
  expect((await visit('/api/v1/vendors')).status).toBe(401);
  const elsewhere = await visit(path, {
    ...form({}),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'http://evil.example',
    },
  });
  expect(elsewhere.status).toBe(403);
});

it('refuses oversized and mistyped posts to a link, and too many of them', async () => {
  const path = await newLink();
  const long = await visit(path, form({ 'serving.price/text': 'x'.repeat(2_000_000) }));
  expect(long.status).toBe(413);
  const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  expect((await visit(path, json)).status).toBe(415);
  const statuses: number[] = [];
  for (let i = 0; i < 70; i += 1) statuses.push((await visit(path)).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
  expect(statuses[0]).toBe(200);
});

it('compares quotes at the traffic of a plan', async () => {
  await post('/api/v1/vendors', { id: 'bulk', name: 'Bulk' });
  const quote = {
    name: 'H100',
    accelerator: 'h100-sxm',
    accelerators: 4,
    price: { basis: 'rent', usdPerAcceleratorHour: 3 },
    totalKw: 6,
    leadWeeks: { low: 4, high: 8 },
  };
  const cheap = { ...quote, price: { basis: 'rent', usdPerAcceleratorHour: 2 }, totalKw: 60 };
  expect((await post('/api/v1/vendors/acme/quotes', quote)).status).toBe(200);
  expect((await post('/api/v1/vendors/bulk/quotes', cheap)).status).toBe(200);
  const wrong = await post('/api/v1/vendors/acme/quotes', { ...quote, accelerators: 0 });
  expect(await wrong.json()).toMatchObject({ error: { field: 'accelerators' } });
  const plan = {
    workload: { model: 'llama-3.1-8b', requestsPerS: 4 },
    search: { quantizations: ['bf16'], tensorParallel: [1], maxSequences: [128] },
    limits: { siteKw: 20 },
    simulation: { requests: 200 },
  };
  const compared = await post('/api/v1/vendors/quotes', { plan });
  expect(await compared.json()).toMatchObject({
    best: 0,
    offers: [
      { vendor: 'acme', power: { fits: true } },
      { vendor: 'bulk', power: { fits: false, limit: 'limits.siteKw' } },
    ],
  });
});

it('says what a probe would send, and sends nothing without an instance', async () => {
  const ask = {
    endpoint: 'http://127.0.0.1:9/v1',
    model: 'm',
    usdPerMillionInput: 1,
    usdPerMillionOutput: 2,
  };
  const plan = await (await post('/api/v1/vendors/acme/probe', ask)).json();
  expect(plan).toMatchObject({ plan: { requests: 160, seconds: 40 }, job: null });
  const confirmed = await post('/api/v1/vendors/acme/probe', { ...ask, confirm: true });
  expect(await codeOf(confirmed)).toBe('TR_STATE_MISSING');
  const many = await post('/api/v1/vendors/acme/probe', { ...ask, requests: 500 });
  expect(await many.json()).toMatchObject({ error: { field: 'requests' } });
  const secret = await post('/api/v1/vendors/acme/probe', { ...ask, endpoint: 'http://a:b@c/v1' });
  expect(await secret.json()).toMatchObject({ error: { field: 'endpoint' } });
});
