import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  launchBrowser,
  openConsole,
  overflowPx,
  shoot,
  tabTo,
  type ConsolePage,
  type OpenOptions,
} from './console-browser.ts';
import { startLoadedInstance } from './loaded-instance.ts';
import { LOOKS, violations } from './looks.ts';
import { startLyingEndpoint } from '../upstream/lying-endpoint.ts';
import type { RunningTailrace } from '../e2e/running-tailrace.ts';

let tailrace: RunningTailrace;
let browser: Browser;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  tailrace = await startLoadedInstance();
});

afterAll(async () => {
  await browser?.close();
  await tailrace?.stop('SIGTERM');
  tailrace?.remove();
});

afterEach(async () => {
  const faults = opened.flatMap((one) => one.faults);
  await Promise.all(opened.map((one) => one.context.close()));
  opened = [];
  expect(faults).toEqual([]);
});

async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const { url, adminKey } = tailrace;
  const one = await openConsole(browser, url, { adminKey, path, ...options });
  opened.push(one);
  return one.page;
}

async function ask<T>(path: string): Promise<T> {
  const reply = await tailrace.api(`/api/v1/${path}`);
  expect(reply.status).toBe(200);
  return (await reply.json()) as T;
}

const shownValue = (page: Page, id: string): Promise<string | null> =>
  page.getByTestId(id).first().getAttribute('data-value');

interface ScoreReply {
  proven: number;
  claimed: number;
  simulated: number;
  reading: string;
  categories: Array<{
    id: string;
    proven: number;
    conditions: Array<{ id: string; state: string }>;
  }>;
  late: unknown[];
}

test('the scorecard shows what the API scored, every point with its evidence a click away', async () => {
  const page = await open('/scorecard');
  await page.getByTestId('score-proven').waitFor();
  const score = await ask<ScoreReply>('score');
  for (const total of ['proven', 'claimed', 'simulated'] as const) {
    expect(await shownValue(page, `score-${total}`)).toBe(String(score[total]));
  }
  expect(await shownValue(page, 'score-reading')).toBe(score.reading);
  expect(await page.getByTestId('category').count()).toBe(8);
  for (const category of score.categories) {
    expect(await shownValue(page, `level-${category.id}`)).toBe(String(category.proven));
    for (const condition of category.conditions) {
      expect(await shownValue(page, `condition-${condition.id}`)).toBe(condition.state);
    }
  }
  expect(await page.getByTestId('late').count()).toBe(score.late.length);
  expect(await page.getByTestId('radar').getAttribute('aria-label')).toContain('Serving');
});

test('evidence opens by keyboard alone', async () => {
  const page = await open('/scorecard');
  const category = page.locator('[data-testid="category"][data-value="serving"] > summary');
  await category.waitFor();
  expect(await tabTo(page, category)).toBe(true);
  await page.keyboard.press('Enter');
  const condition = page
    .locator('[data-testid="category"][data-value="serving"] [data-testid="condition"] > summary')
    .first();
  await page.keyboard.press('Tab');
  expect(await tabTo(page, condition)).toBe(true);
  await page.keyboard.press('Enter');
  await page
    .locator('[data-testid="category"][data-value="serving"] [data-testid="condition"][open]')
    .first()
    .waitFor();
});

test('one service alone is scored over its address', async () => {
  const page = await open('/scorecard');
  await page.getByLabel('Of', { exact: true }).selectOption('chat');
  await page.waitForURL(/service=chat/);
  const score = await ask<ScoreReply>('score?service=chat');
  await page.locator(`[data-testid="score-proven"][data-value="${score.proven}"]`).waitFor();
});

interface RoadmapReply {
  actions: Array<{ id: string; state: string; role: string; owner: string }>;
}

test('the roadmap has every open action; a role sees its own, an owner is kept', async () => {
  const page = await open('/roadmap');
  await page.getByTestId('action').first().waitFor();
  const roadmap = await ask<RoadmapReply>('roadmap');
  const openOnes = roadmap.actions.filter((one) => one.state !== 'closed');
  const shown = await page
    .getByTestId('action')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-value')));
  expect(new Set(shown)).toEqual(new Set(openOnes.map((one) => one.id)));
  expect(shown).toHaveLength(openOnes.length);
  await page.getByLabel('Role', { exact: true }).selectOption('security');
  await page.waitForURL(/role=security/);
  const own = openOnes.filter((one) => one.role === 'security');
  await page.getByText('Layers of this role').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Security & risk' }).waitFor();
  expect(await page.getByTestId('action').count()).toBe(own.length);
  const [first] = own;
  if (first === undefined) throw new Error('no action of security');
  await page.locator(`[data-testid="action"][data-value="${first.id}"] > summary`).click();
  const owner = page.getByLabel(`Owner of ${first.id}`, { exact: true });
  await owner.fill('grace');
  await page.keyboard.press('Enter');
  await page.getByText('grace').first().waitFor();
  const after = await ask<RoadmapReply>('roadmap');
  expect(after.actions.find((one) => one.id === first.id)?.owner).toBe('grace');
});

test('the roadmap is kept as a calendar', async () => {
  const page = await open('/roadmap');
  await page.getByTestId('action').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Calendar' }).click();
  expect((await download).suggestedFilename()).toBe('roadmap.ics');
});

test('the interview scores; a yes alone is a claim, a yes with a document is proven', async () => {
  const page = await open('/scorecard/interview');
  await page.getByTestId('question').first().waitFor();
  const before = await ask<ScoreReply>('score');
  await page.getByLabel('Who answers').fill('ada');
  const yes = page.getByRole('radio', { name: 'Yes' });
  const count = await yes.count();
  for (let index = 0; index < count; index += 1) await yes.nth(index).check();
  const links = page.getByLabel('Link');
  for (let index = 0; index < count; index += 1) {
    await links.nth(index).fill(`https://wiki.example/${index}`);
  }
  await page.getByRole('button', { name: 'Score these answers' }).click();
  await page.getByTestId('interview-proven').waitFor();
  const after = await ask<ScoreReply>('score');
  expect(await shownValue(page, 'interview-proven')).toBe(String(after.proven));
  expect(after.proven).toBeGreaterThan(before.proven);
  // Words reach level 1 only; level 2 needs measurements.
  expect(Math.max(...after.categories.map((one) => one.proven))).toBeLessThanOrEqual(2);
  expect(after.proven).toBeLessThanOrEqual(8 + before.proven);
});

interface ComparisonReply {
  vendors: Array<{ id: string; score: number }>;
  rows: Array<{ question: string; cells: Array<{ vendor: string; grade: number }> }>;
}

async function addVendor(page: Page, name: string, kind: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Kind').selectOption(kind);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

async function answer(id: string, answers: unknown[]): Promise<void> {
  const reply = await fetch(`${tailrace.url}/api/v1/vendors/${id}/answers`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tailrace.adminKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ answers }),
  });
  expect(reply.status, await reply.text()).toBeLessThan(300);
}

test('vendors stand side by side with their grades; weights move the scores', async () => {
  const page = await open('/vendors');
  await addVendor(page, 'Acme Cloud', 'vendor');
  await addVendor(page, 'Our platform', 'team');
  const { questions } = await ask<{ questions: Array<{ id: string; kind: string }> }>(
    'vendors/questions',
  );
  const text = questions.filter((one) => one.kind === 'text').slice(0, 3);
  const said = (question: string, shown: object | null) => ({
    question,
    value: null,
    text: 'We do.',
    document: shown,
  });
  const document = {
    title: 'Data sheet',
    link: 'https://acme.example/sheet.pdf',
    sha256: null,
    date: new Date().toISOString().slice(0, 10),
    validUntil: null,
  };
  await answer('acme-cloud', [
    ...text.slice(0, 2).map(({ id }) => said(id, null)),
    ...text.slice(2).map(({ id }) => said(id, document)),
  ]);
  await page.reload();
  await page.getByTestId('vendor-question').first().waitFor();
  const comparison = await ask<ComparisonReply>('vendors/comparison');
  expect(await page.getByTestId('vendor-question').count()).toBe(questions.length);
  for (const row of comparison.rows) {
    for (const cell of row.cells) {
      const shown = await shownValue(page, `cell-${row.question}-${cell.vendor}`);
      expect(shown).toBe(String(cell.grade));
    }
  }
  const before = await shownValue(page, 'vendor-score-acme-cloud');
  expect(Number(before)).toBeCloseTo(comparison.vendors[0]?.score ?? 0, 9);
  const [layer = ''] = (text[0]?.id ?? '').split('.');
  await page.goto(`${tailrace.url}/vendors?weights=${layer}%3D5`);
  await page.getByTestId('vendor-score-acme-cloud').waitFor();
  expect(Number(await shownValue(page, 'vendor-score-acme-cloud'))).not.toBe(Number(before));
  await page.getByText('Ask, import, export, changes').first().click();
  await page.getByLabel('Whom at acme-cloud to ask').fill('sales@acme.example');
  await page
    .getByRole('button', { name: /Make a link/ })
    .first()
    .click();
  const link = await page.getByTestId('vendor-link').textContent();
  expect((await fetch(link ?? '')).status).toBe(200);
});

async function quote(id: string, body: unknown): Promise<void> {
  const reply = await fetch(`${tailrace.url}/api/v1/vendors/${id}/quotes`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tailrace.adminKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  expect(reply.status, await reply.text()).toBe(200);
}

test('a cheap quote beyond the power of the site is told so beside one that fits', async () => {
  const rented = (usdPerAcceleratorHour: number) => ({ basis: 'rent', usdPerAcceleratorHour });
  await quote('acme-cloud', {
    name: 'cheap',
    accelerator: 'h100-sxm',
    accelerators: 16,
    price: rented(1),
    totalKw: 40,
    leadWeeks: { low: 30, high: 40 },
  });
  await quote('our-platform', {
    name: 'steady',
    accelerator: 'h100-sxm',
    accelerators: 1,
    price: rented(3),
    totalKw: 1.5,
    leadWeeks: { low: 2, high: 4 },
  });
  const page = await open('/vendors');
  await page.getByLabel('Traffic and targets of').selectOption('support');
  await page.getByLabel('Our site carries, kW').fill('12');
  await page.getByRole('button', { name: 'Compare quotes' }).click();
  const cheap = page.locator('[data-testid="offer"][data-value="acme-cloud"]');
  await cheap.getByText('does not fit').waitFor({ timeout: 60_000 });
  const steady = page.locator('[data-testid="offer"][data-value="our-platform"]');
  expect(await steady.getByText('best').count()).toBe(1);
  const findings = await page.getByTestId('quote-finding').allTextContents();
  expect(findings.some((text) => text.includes('12 kW'))).toBe(true);
  await shoot(page, 'vendors-quotes');
});

test('a quote is entered, and not one whose lead time ends before it begins', async () => {
  const page = await open('/vendors');
  const card = page.locator('section').filter({ has: page.locator('#vendor-our-platform') });
  await card.getByText('Enter a quote').click();
  const form = card.getByRole('form', { name: 'Quote of our-platform' });
  await form.getByLabel('Name of the quote').fill('autumn');
  await form.getByLabel('Accelerator (id of the catalog)').fill('h100-sxm');
  await form.getByLabel('Accelerators', { exact: true }).fill('4');
  await form.getByLabel('Price, $').fill('2.5');
  await form.getByLabel('Lead time, weeks').fill('6');
  await form.getByLabel('Lead time at most, weeks').fill('2');
  await form.getByRole('button', { name: 'Keep the quote' }).click();
  expect(await form.locator('input:invalid').count()).toBe(1);
  expect(await page.getByTestId('quote-kept-our-platform').count()).toBe(0);
  await form.getByLabel('Lead time at most, weeks').fill('8');
  await form.getByRole('button', { name: 'Keep the quote' }).click();
  await page.getByTestId('quote-kept-our-platform').waitFor();
  expect(await page.getByTestId('quote-kept-our-platform').textContent()).toContain('autumn');
});

test('an endpoint is probed from the page: first what would be sent, then it is sent', async () => {
  const { engines } = await ask<{
    engines: Array<{ url: string; hardware?: { model: string }; simulated?: object }>;
  }>('config');
  const engine = engines.find((one) => one.simulated !== undefined);
  const endpoint = await startLyingEndpoint(engine?.url ?? '', { kind: 'none' });
  try {
    const page = await open('/vendors');
    const card = page.locator('section').filter({ has: page.locator('#vendor-acme-cloud') });
    await card.getByText('Probe its endpoint').click();
    const form = card.getByRole('form', { name: 'Probe acme-cloud' });
    await form.getByLabel('Endpoint to probe').fill(endpoint.url);
    await form.getByLabel('Model to ask').fill(engine?.hardware?.model ?? '');
    await form.getByLabel('Key (sent, never kept)').fill('sk-right');
    await form.getByLabel('Requests at most').fill('40');
    await form.getByLabel('Requests a second').fill('20');
    await form.getByRole('button', { name: 'Show what would be sent' }).click();
    await form.getByTestId('probe-plan').waitFor();
    // Nothing was sent yet.
    expect(endpoint.requests()).toBe(0);
    await form.getByRole('button', { name: /^Send \d+ requests$/ }).click();
    const state = page.getByTestId('probe-state-acme-cloud');
    await page
      .locator('[data-testid="probe-state-acme-cloud"][data-value="done"]')
      .waitFor({ timeout: 60_000 });
    expect(await state.textContent()).toContain('40 of 40');
    await card.getByText(/, probed /).waitFor();
    await shoot(page, 'vendors-probe');
  } finally {
    await endpoint.close();
  }
});

test('answers go out as CSV and come back', async () => {
  const page = await open('/vendors');
  await page.getByText('Ask, import, export, changes').first().click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Answers as CSV' }).first().click();
  const path = await (await saving).path();
  const input = page.getByLabel('Take in answers of acme-cloud from CSV');
  await input.setInputFiles({
    name: 'acme-cloud.csv',
    mimeType: 'text/csv',
    buffer: readFileSync(path),
  });
  await page.getByText('0 answers were new.').waitFor();
  await page.getByLabel('What changed at acme-cloud since').fill('2026-01-01');
  await page.getByTestId('vendor-change').first().waitFor();
  expect(await page.getByTestId('vendor-change').count()).toBeGreaterThanOrEqual(3);
});

test('the report is printed on A4 with nothing cut off', async () => {
  const page = await open('/scorecard');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report to print' }).click();
  const html = readFileSync(await (await saving).path(), 'utf8');
  const printed = await browser.newPage({ viewport: { width: 794, height: 1123 } });
  await printed.setContent(html);
  await printed.emulateMedia({ media: 'print' });
  await shoot(printed, 'report-a4');
  expect(await overflowPx(printed)).toBe(0);
  const pdf = (await printed.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf).toMatch(/MediaBox \[0 0 59\d[.\d]* 84\d[.\d]*\]/);
  expect((pdf.match(/\/Type ?\/Page\b/g) ?? []).length).toBeGreaterThan(1);
  await printed.close();
});

interface WhyReply {
  sentence: string;
  trees: Array<{
    business: string;
    leaves: Array<{ cause: string; share: number; usd: number | null }>;
  }>;
  findings: unknown[];
}

test('why: the icicle and the losses are those of the API', async () => {
  const page = await open('/why');
  await page.getByTestId('icicle').first().waitFor();
  const why = await ask<WhyReply>('why?since=1h');
  const shown = await page
    .getByTestId('icicle')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-value')));
  expect(shown).toEqual(why.trees.map((tree) => tree.business));
  expect(await page.getByTestId('finding').count()).toBe(why.findings.length);
  for (const tree of why.trees) {
    for (const leaf of tree.leaves.filter((one) => one.share > 0.001)) {
      const share = Number(await shownValue(page, `leaf-${tree.business}-${leaf.cause}-share`));
      // The window moves on between the two readings.
      expect(Math.abs(share - leaf.share)).toBeLessThan(0.05);
    }
  }
});

test('the utilization of a service leads to its account', async () => {
  const page = await open('/');
  await page.getByRole('link', { name: 'Every accelerator-hour of chat, in money' }).click();
  await page.waitForURL(/\/why\?subject=chat/);
  await page.getByTestId('account').first().waitFor();
  const { accounts } = await ask<{ accounts: unknown[] }>('why?since=1h&subject=chat');
  expect(await page.getByTestId('account').count()).toBe(accounts.length);
});

test('why: a part of the icicle is read by keyboard', async () => {
  const page = await open('/why');
  const cell = page.getByTestId('icicle').first().getByRole('button').first();
  await cell.waitFor();
  expect(await tabTo(page, cell)).toBe(true);
  const readout = page.getByTestId('icicle-readout').first();
  expect(await readout.textContent()).toContain('accelerator-hours');
  const before = await readout.textContent();
  await page.keyboard.press('Tab');
  expect(await readout.textContent()).not.toBe(before);
});

const PAGES = {
  scorecard: ['/scorecard?category=serving', 'score-proven'],
  interview: ['/scorecard/interview', 'question'],
  roadmap: ['/roadmap', 'action'],
  why: ['/why', 'icicle'],
  vendors: ['/vendors', 'vendor-question'],
} as const;

describe.each(LOOKS)('$theme at $viewport.width px', ({ theme, viewport }) => {
  test.each(Object.entries(PAGES))('%s', async (name, [path, ready]) => {
    const page = await open(path, { theme, viewport });
    await page.getByTestId(ready).first().waitFor();
    await shoot(page, `${name}-${theme}-${viewport.width}`);
    expect(await overflowPx(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
