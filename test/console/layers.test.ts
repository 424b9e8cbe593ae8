import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../e2e/running-tailrace.ts';
import {
  canvasColours,
  launchBrowser,
  NARROW,
  openConsole,
  overflowPx,
  shoot,
  tabTo,
  type ConsolePage,
  type OpenOptions,
} from './console-browser.ts';
import { LOOKS, violations } from './looks.ts';
import {
  DEVICES,
  startMeasuredInstance,
  STRAGGLER,
  type MeasuredInstance,
} from './measured-instance.ts';

let instance: MeasuredInstance;
let browser: Browser;
let opened: ConsolePage[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  instance = await startMeasuredInstance();
});

afterAll(async () => {
  await browser?.close();
  await instance?.close();
});

afterEach(async () => {
  const faults = opened.flatMap((one) => one.faults);
  await Promise.all(opened.map((one) => one.context.close()));
  opened = [];
  expect(faults).toEqual([]);
});

async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const { url, adminKey } = instance.tailrace;
  const one = await openConsole(browser, url, { adminKey, path, ...options });
  opened.push(one);
  return one.page;
}

const shownValue = (page: Page, id: string): Promise<string | null> =>
  page.getByTestId(id).first().getAttribute('data-value');

/** A heading or figure that the layer's page shows once everything on it was read. */
const READY = {
  data: 'layer-category',
  facilities: 'resource-GPU-a-powerW',
  compute: 'roofline',
  networking: 'network-curve',
  storage: 'feed-curve',
  orchestration: 'occupancy-strip',
  serving: 'engine',
  observability: 'source',
  security: 'key',
} as const;

test('devices are shown with what the API says of them', async () => {
  const page = await open('/layers/compute');
  for (const device of DEVICES) {
    const shown = await shownValue(page, `resource-${device.uuid}-tensorActiveShare`);
    expect(Number(shown)).toBeCloseTo(device.tensor, 9);
    const util = await shownValue(page, `resource-${device.uuid}-kernelShare`);
    expect(Number(util)).toBe(device.sm > 0 ? 1 : 0);
  }
  // The one without any activity has no place on logarithmic axes.
  const label = await page.getByTestId('roofline').getAttribute('aria-label');
  expect(label).toBe(
    'Roofline of 3 devices: 1 bound by memory bandwidth, 1 bound by flops, 1 below both roofs',
  );
});

test('the map of devices over time is read by keyboard', async () => {
  const page = await open('/layers/compute');
  const map = page.getByTestId('resource-map');
  await map.waitFor();
  expect(await canvasColours(map.locator('canvas'))).toBeGreaterThan(1);
  expect(await tabTo(page, map)).toBe(true);
  const readout = page.getByTestId('resource-map-readout');
  await page.keyboard.press('ArrowDown');
  expect(await readout.textContent()).toMatch(/^node-1 \/ 1, \d\d:\d\d: (95\.0\u00a0%|unknown)$/);
  await page.keyboard.press('ArrowUp');
  expect(await readout.textContent()).toMatch(/^node-1 \/ 0, /);
});

test('storage: the curve of AU is that of the last run, and a regression is told', async () => {
  const page = await open('/layers/storage');
  expect(await shownValue(page, 'storage-fed')).toBe('4');
  expect(await page.getByTestId('feed-point').count()).toBe(5);
  expect(await page.getByTestId('feed-point').getByText('starved').count()).toBe(1);
  const runs = page.getByTestId('probe-run');
  await runs.first().getByText('regression').waitFor();
  await runs.nth(1).getByText('first run').waitFor();
  await page.getByText('Never measured.').waitFor();
});

test('occupancy: what nobody holds stands first', async () => {
  // Holders are written from time to time.
  await eventually(async () => {
    const reply = await instance.tailrace.api('/api/v1/resources?kind=accelerator&metrics=powerW');
    const { holders } = (await reply.json()) as { holders: unknown[] };
    return holders.length === 3 ? holders : null;
  });
  const page = await open('/layers/orchestration');
  const strips = page.getByTestId('occupancy-strip');
  await strips.first().waitFor();
  const labels = await strips.evaluateAll((all) =>
    all.map((one) => one.getAttribute('aria-label')),
  );
  expect(labels[0]).toBe('node-1 / 3: held 0\u00a0%');
  expect(labels.filter((label) => label?.includes('ml/train-0')).length).toBe(2);
});

test('stragglers: the slow rank stands first, and its cells are read by keyboard', async () => {
  const page = await open('/why');
  const map = page.getByTestId('straggler-map');
  await map.waitFor();
  const slowest = page.getByTestId('slowest-rank').first();
  expect(await slowest.getAttribute('data-value')).toBe(String(STRAGGLER.rank));
  expect(await canvasColours(map.locator('canvas'))).toBeGreaterThan(2);
  expect(await tabTo(page, map)).toBe(true);
  for (let row = 0; row < STRAGGLER.rank; row += 1) await page.keyboard.press('ArrowDown');
  const readout = page.getByTestId('straggler-map-readout');
  expect(await readout.textContent()).toMatch(/^rank 2, step 59: 202\u00a0ms, \+\d\d/);
  await page.locator('[data-testid="icicle"][data-value="training"]').waitFor();
  await shoot(page, 'why-training');
});

test('a layer shows what the scorecard asks of it', async () => {
  const page = await open('/layers/storage');
  const asked = page.locator('[data-testid="layer-category"][data-value="bottlenecks"]');
  await asked.waitFor();
  expect(await asked.getByTestId('condition').count()).toBeGreaterThan(0);
});

test('the pages are reached by keyboard; on a narrow screen behind a button', async () => {
  const page = await open('/', { viewport: NARROW });
  const link = page.getByRole('link', { name: 'Storage' });
  expect(await link.isVisible()).toBe(false);
  const button = page.getByRole('button', { name: 'Pages' });
  expect(await tabTo(page, button)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  expect(await tabTo(page, link)).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Storage', level: 1 }).waitFor();
  expect(await link.isVisible()).toBe(false);
  expect(await page.title()).toBe('Storage \u00b7 Tailrace');
});

test('a layer that does not exist is told in words', async () => {
  const page = await open('/layers/blockchain');
  await page.getByText('There is no such page').waitFor();
});

describe.each(LOOKS)('$theme at $viewport.width px', ({ theme, viewport }) => {
  test.each(Object.entries(READY))('%s', async (layer, ready) => {
    const page = await open(`/layers/${layer}`, { theme, viewport });
    await page.getByTestId(ready).first().waitFor();
    await page.getByTestId('layer-category').first().waitFor();
    await shoot(page, `layer-${layer}-${theme}-${viewport.width}`);
    expect(await overflowPx(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
