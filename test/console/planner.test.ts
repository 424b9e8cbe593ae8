import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningTailrace } from '../e2e/running-tailrace.ts';
import { launchBrowser, NARROW, openConsole, overflowPx, tabTo } from './console-browser.ts';
import { startLoadedInstance } from './loaded-instance.ts';

let tailrace: RunningTailrace;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  tailrace = await startLoadedInstance();
});

afterAll(async () => {
  await browser?.close();
  await tailrace?.stop('SIGTERM');
  tailrace?.remove();
});

const valueOf = async (page: Page, id: string): Promise<number> =>
  Number(await page.getByTestId(id).getAttribute('data-value'));

const predicted = (page: Page): Promise<void> =>
  page.getByTestId('plan-state').getByText('predicted').waitFor({ timeout: 60_000 });

test('the slider moves the three answers, predicted beside measured', async () => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=chat',
  });
  const { page } = one;
  await page.getByTestId('plan-cost-1000').waitFor({ timeout: 60_000 });
  await predicted(page);
  const now = {
    e2eMs: await valueOf(page, 'plan-e2e-p99'),
    costUsd: await valueOf(page, 'plan-cost-1000'),
    busy: await valueOf(page, 'plan-busy'),
  };
  // By keyboard alone: two doublings up.
  const slider = page.getByLabel('Traffic against now');
  expect(await tabTo(page, slider)).toBe(true);
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
  expect(await page.getByTestId('plan-traffic-value').textContent()).toMatch(/^4 times/);
  await page.waitForURL(/halves=4/);
  await predicted(page);
  expect(await valueOf(page, 'plan-e2e-p99')).toBeGreaterThan(now.e2eMs);
  expect(await valueOf(page, 'plan-busy')).toBeGreaterThan(now.busy);
  // The fleet costs the same, so each request costs a quarter.
  expect(await valueOf(page, 'plan-cost-1000')).toBeCloseTo(now.costUsd / 4, 6);
  await page.getByTestId('plan-load').first().waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('plan-load').count()).toBe(9);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id }) => id)).toEqual([]);
  expect(one.faults).toEqual([]);
  await one.context.close();
});

test('a service without traffic says what is missing, on a narrow screen', async () => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=idle',
    viewport: NARROW,
  });
  const { page } = one;
  await page.getByText('requests with known tokens').waitFor();
  expect(await overflowPx(page)).toBe(0);
  expect(one.faults).toEqual([]);
  await one.context.close();
});
