import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answers as answersShape } from '../../src/measure/answers/answers.ts';
import type { RequestRecord } from '../../src/records/request-record.ts';
import { eventually, type RunningTailrace } from '../e2e/running-tailrace.ts';
import {
  canvasColours,
  isFocused,
  launchBrowser,
  NARROW,
  openConsole,
  overflowPx,
  shoot,
  styleOf,
  tabTo,
  type ConsolePage,
  type OpenOptions,
} from './console-browser.ts';
import { LOADED, REJECTED, RETRIED, startLoadedInstance } from './loaded-instance.ts';
import { LOOKS, violations } from './looks.ts';
import { expectedFigures, shownFigures } from './shown-answers.ts';

let tailrace: RunningTailrace;
let browser: Browser;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  tailrace = await startLoadedInstance();
});

afterAll(async () => {
  await browser?.close();
  // Drained, not killed: children that outlive the folder's removal would write it anew.
  await tailrace?.stop('SIGTERM');
  tailrace?.remove();
});

/** Whatever a test did, no page may have thrown, broken the policy or asked another host. */
afterEach(async () => {
  const faults = opened.flatMap((one) => one.faults);
  await Promise.all(opened.map((one) => one.context.close()));
  opened = [];
  expect(faults).toEqual([]);
});

async function open(options: OpenOptions = {}): Promise<ConsolePage> {
  const one = await openConsole(browser, tailrace.url, options);
  opened.push(one);
  return one;
}

const signedIn = (options: OpenOptions = {}): Promise<ConsolePage> =>
  open({ adminKey: tailrace.adminKey, ...options });

const overviewReady = (page: Page): Promise<void> =>
  page.getByTestId('answer-chat-e2e-p99').waitFor();

const total = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('requests.total').getAttribute('data-value'));

const recordsOf = async (query: string): Promise<RequestRecord[]> => {
  const response = await tailrace.api(`/api/v1/requests?${query}`);
  return ((await response.json()) as { records: RequestRecord[] }).records;
};

describe('signing in', () => {
  test('the key of the address is taken out of it and kept for this tab', async () => {
    const { page } = await signedIn();
    await overviewReady(page);
    expect(page.url()).toBe(`${tailrace.url}/`);
    await page.reload();
    await overviewReady(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin key').waitFor();
    await page.reload();
    await page.getByLabel('Admin key').waitFor();
  });

  test('a service key is refused in words; an admin key opens, by keyboard alone', async () => {
    const one = await open({ path: '/requests?outcome=rejected' });
    const { page } = one;
    expect(await tabTo(page, page.getByLabel('Admin key'))).toBe(true);
    await page.keyboard.type(tailrace.key);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('admin').waitFor();
    // The browser itself logs the refusal; it is what was tested.
    one.faults.splice(0, one.faults.length, ...one.faults.filter((text) => !/40[13]/.test(text)));
    await page.getByLabel('Admin key').fill(tailrace.adminKey);
    await page.keyboard.press('Enter');
    await page.getByTestId('requests.total').waitFor();
    expect(await total(page)).toBe(REJECTED);
  });
});

describe('the three answers', () => {
  test('what is shown is what the API answered, for every service', async () => {
    const { page, answers } = await signedIn();
    await overviewReady(page);
    // Figures of money and utilization move with the clock: compare with the page's own last reply.
    const { expected, shown } = await eventually(async () => {
      const last = answersShape.parse(answers.at(-1));
      const wanted = expectedFigures(last);
      const seen = await shownFigures(page, wanted);
      return wanted.join() === seen.join() ? { expected: wanted, shown: seen } : null;
    });
    expect(shown).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3 * 21);
    expect(expected).toContain(`answer-chat-e2e-count=${LOADED}`);
    expect(expected).toContain('answer-idle-e2e-p95=unknown');
    expect(expected).toContain('answer-support-ttft-p99=unknown');
  });

  test('latency equals what anyone else is answered', async () => {
    const { page } = await signedIn();
    await overviewReady(page);
    const asked = answersShape.parse(await (await tailrace.api('/api/v1/answers')).json());
    const settled = expectedFigures(asked).filter((line) => /-(ttft|tpot|e2e)-p\d+=/.test(line));
    expect(settled).toHaveLength(27);
    expect(await shownFigures(page, settled)).toEqual(settled);
  });

  test('missed targets, missing answers and simulation are told in words', async () => {
    const { page } = await signedIn();
    await overviewReady(page);
    const asked = answersShape.parse(await (await tailrace.api('/api/v1/answers')).json());
    const flags = asked.services.flatMap((one) => one.redFlags.map((flag) => flag.code));
    const shown = await page
      .getByTestId('red-flag')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-value')));
    expect(shown).toEqual(flags);
    const chat = page.locator('[data-testid="service"][data-value="chat"]');
    expect(await chat.getByText('SIMULATED').count()).toBeGreaterThan(0);
    expect(await chat.getByText('missed', { exact: true }).count()).toBe(1);
    expect(await chat.getByText('met', { exact: true }).count()).toBe(2);
    const idle = page.locator('[data-testid="service"][data-value="idle"]');
    expect(await idle.getByTestId('answer-idle-cost-per-request').textContent()).toBe('unknown');
  });

  test('new requests appear by themselves', async () => {
    const { page } = await signedIn();
    await page.locator('[data-testid="live"][data-value="live"]').waitFor();
    const count = page.getByTestId('answer-support-e2e-count');
    const before = Number(await count.getAttribute('data-value'));
    const reply = await tailrace.chat({ model: 'support-8b', max_tokens: 5 });
    await reply.text();
    await page
      .locator(`[data-testid="answer-support-e2e-count"][data-value="${before + 1}"]`)
      .waitFor();
  });
});

describe('charts', () => {
  test('the heatmap is read and opened by keyboard', async () => {
    const { page } = await signedIn();
    const map = page.getByTestId('heatmap').first();
    await map.waitFor();
    expect(await canvasColours(map.locator('canvas'))).toBeGreaterThan(1);
    expect(await tabTo(page, map)).toBe(true);
    const readout = page.getByTestId('heatmap-readout').first();
    const first = await readout.textContent();
    expect(first).toMatch(/[1-9]\d* of [\d,]+ values/);
    await page.keyboard.press('ArrowDown');
    expect(await readout.textContent()).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/requests\?.*minE2eMs=/);
    await page.getByTestId('requests.total').waitFor();
    const shown = Number(/: ([\d,]+) of/.exec(first ?? '')?.[1]?.replace(',', ''));
    expect(await total(page)).toBe(shown);
  });

  test('lines are drawn, in the colours of the theme; the table holds the figures', async () => {
    const { page } = await signedIn();
    const lines = page.locator('.uplot canvas').first();
    await lines.waitFor();
    expect(await canvasColours(lines)).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Dark theme' }).click();
    expect(await canvasColours(lines)).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Table' }).first().click();
    const table = page.getByRole('table', { name: 'Latency over time of chat' });
    await table.waitFor();
    const cells = await table.locator('tbody tr td:nth-child(2)').allTextContents();
    const requests = cells.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0);
    expect(requests).toBe(LOADED);
  });
});

describe('requests', () => {
  test('filter, sort and page are the address, and agree with the API', async () => {
    const { page } = await signedIn({ path: '/requests' });
    await page.getByTestId('requests.total').waitFor();
    expect(await total(page)).toBeGreaterThanOrEqual(LOADED + RETRIED + REJECTED);
    await page.getByLabel('Service', { exact: true }).selectOption('chat');
    await page.locator(`[data-testid="requests.total"][data-value="${LOADED}"]`).waitFor();
    await page.getByRole('button', { name: 'E2E' }).click();
    await page.waitForURL(/sort=e2e/);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL(/offset=50/);
    await page.getByText('51 to 100 of 400').waitFor();
    const wanted = await recordsOf('service=chat&sort=e2e&order=desc&limit=50&offset=50');
    const links = page.locator('tbody a');
    const paths = await links.evaluateAll((all) =>
      all.map((one) => one.getAttribute('href')?.split('?')[0] ?? ''),
    );
    expect(paths).toEqual(wanted.map((record) => `/requests/${record.id}`));
    await page.getByLabel('Outcome').selectOption('timeout');
    await page.getByText('No request fits these filters.').waitFor();
    await page.goBack();
    await page.getByText('51 to 100 of 400').waitFor();
  });

  test('a retried request opens by keyboard and shows every phase of its time', async () => {
    const slow = (await recordsOf('service=support&sort=e2e&limit=50')).find(
      (record) => record.attempts.length > 1,
    );
    expect(slow).toBeDefined();
    if (slow === undefined) return;
    const { page } = await signedIn({ path: '/requests?service=support&sort=e2e' });
    const link = page.locator(`tbody a[href*="${slow.id}"]`);
    await link.waitFor();
    expect(await tabTo(page, link)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByTestId('waterfall').waitFor();
    const phases = await page.locator('[data-testid^="phase."]').evaluateAll((all) =>
      all.map((one) => ({
        kind: one.getAttribute('data-testid'),
        ms: Number(one.getAttribute('data-value')),
      })),
    );
    expect(phases.map((phase) => phase.kind)).toContain('phase.attempt');
    expect(phases.reduce((sum, phase) => sum + phase.ms, 0)).toBeCloseTo(slow.latency.e2eMs, 3);
    await page.getByRole('table', { name: 'Attempts' }).getByText('broken').waitFor();
    await shoot(page, 'request-light-1280');
    await page.getByRole('main').getByRole('link', { name: 'Requests' }).click();
    await page.waitForURL(/\/requests\?service=support&sort=e2e$/);
  });

  test('an id that the ledger does not hold is told in words', async () => {
    const one = await signedIn({ path: '/requests/018f0000-0000-7000-8000-000000000000' });
    await one.page.getByText('no such request in the ledger').waitFor();
    one.faults.splice(0, one.faults.length, ...one.faults.filter((text) => !/404/.test(text)));
  });
});

describe('keyboard', () => {
  test('skip link, navigation, window and theme are reached and work', async () => {
    const { page } = await signedIn();
    await overviewReady(page);
    await page.keyboard.press('Tab');
    expect(await isFocused(page.getByRole('link', { name: 'Skip to content' }))).toBe(true);
    await page.keyboard.press('Enter');
    expect(await isFocused(page.locator('#main'))).toBe(true);
    await page.reload();
    await overviewReady(page);
    // A group is one tab stop; the arrows lead on inside it.
    expect(await tabTo(page, page.getByRole('button', { name: '15m' }))).toBe(true);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL(/since=6h/);
    expect(await tabTo(page, page.getByRole('button', { name: 'Auto theme' }))).toBe(true);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.reload();
    await overviewReady(page);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await tabTo(page, page.getByRole('link', { name: 'Requests' }))).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/requests/);
    expect(page.url()).toContain('since=6h');
  });

  test('what has the focus is seen to have it', async () => {
    const { page } = await signedIn();
    await overviewReady(page);
    for (let pressed = 0; pressed < 25; pressed += 1) {
      await page.keyboard.press('Tab');
      expect(await styleOf(page.locator(':focus'), 'outlineStyle')).toBe('solid');
    }
  });
});

describe.each(LOOKS)('$theme at $viewport.width px', ({ theme, viewport }) => {
  const check = async (page: Page, name: string): Promise<void> => {
    await shoot(page, `${name}-${theme}-${viewport.width}`);
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
    expect(await overflowPx(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  };

  test('overview', async () => {
    const { page } = await signedIn({ theme, viewport });
    await overviewReady(page);
    // The charts are read only once they are near the window.
    await page.getByRole('heading', { name: 'Latency over time' }).first().scrollIntoViewIfNeeded();
    await page.getByTestId('heatmap').first().waitFor();
    await page.locator('.uplot canvas').first().waitFor();
    await check(page, 'overview');
  });

  test('requests', async () => {
    const { page } = await signedIn({ theme, viewport, path: '/requests?sort=e2e' });
    await page.locator('tbody a').first().waitFor();
    await check(page, 'requests');
  });

  test('one request', async () => {
    const [record] = await recordsOf('service=chat&sort=e2e&order=desc&limit=1');
    const { page } = await signedIn({ theme, viewport, path: `/requests/${record?.id}` });
    await page.getByTestId('waterfall').waitFor();
    await check(page, 'request');
  });

  test('sign-in', async () => {
    const { page } = await open({ theme, viewport });
    await page.getByLabel('Admin key').waitFor();
    await check(page, 'sign-in');
  });
});

test('the checks of looks can fail', async () => {
  const { page } = await open({ viewport: NARROW });
  await page.getByLabel('Admin key').waitFor();
  await page.locator('main').evaluate((main) => {
    main.insertAdjacentHTML('beforeend', `<img height="9"><pre>${'x'.repeat(200)}</pre>`);
  });
  expect(await overflowPx(page)).toBeGreaterThan(0);
  expect(await violations(page)).toEqual(['image-alt: img']);
});

test('print is light and has no controls', async () => {
  const { page } = await signedIn({ theme: 'dark' });
  await overviewReady(page);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
  expect(await styleOf(page.locator('body'), 'backgroundColor')).toBe('rgb(246, 247, 249)');
});
