import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually, type RunningTailrace } from '../e2e/running-tailrace.ts';
import { launchBrowser, NARROW, openConsole, overflowPx, shoot, tabTo } from './console-browser.ts';
import { startLoadedInstance } from './loaded-instance.ts';
import { LOOKS, violations } from './looks.ts';

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

/** Until no plan runs: a closed page leaves its last one to end, and only two run at once. */
const plansIdle = (): Promise<unknown> =>
  eventually(async () => {
    const { plans } = (await (await tailrace.api('/api/v1/plans')).json()) as {
      plans: Array<{ state: string }>;
    };
    return plans.some((plan) => plan.state === 'running') ? null : plans;
  });

beforeEach(plansIdle);

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
  // Its target of a microsecond is met by nothing.
  await page.getByTestId('no-fleet').waitFor();
  expect(one.faults).toEqual([]);
  await one.context.close();
});

test('percentiles over traffic rise beside the target; the curve can be stopped', async () => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=chat',
  });
  const { page } = one;
  await page.getByTestId('curve-point').first().waitFor({ timeout: 120_000 });
  const stop = page.getByRole('button', { name: 'Cancel the curve' });
  await stop.click();
  const state = page.getByTestId('curve-state');
  await state.getByText('stopped').waitFor();
  await plansIdle();
  await page.getByRole('button', { name: 'Go on' }).click();
  await state.getByText('7 of 7').waitFor({ timeout: 120_000 });
  expect(await page.getByTestId('curve-point').count()).toBe(7);
  const label = await page.getByTestId('load-curve').getAttribute('aria-label');
  expect(label).toMatch(/^End to end over traffic; p99 [\d.]+/);
  await page.getByTestId('load-curve').getByText('p99 target').waitFor();
  expect(one.faults).toEqual([]);
  await one.context.close();
});

test.each(LOOKS)('$theme at $viewport.width px', async ({ theme, viewport }) => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=chat&halves=2',
    theme,
    viewport,
  });
  const { page } = one;
  await page.getByTestId('curve-state').getByText('7 of 7').waitFor({ timeout: 120_000 });
  await shoot(page, `planner-${theme}-${viewport.width}`);
  expect(await overflowPx(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
  expect(one.faults).toEqual([]);
  await one.context.close();
});

test('cost over traffic is drawn, with what doubling adds', async () => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=support',
  });
  const { page } = one;
  await page.getByTestId('cost-curve').waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('plan-doubling-adds').first().getAttribute('data-value')).toBe('0');
  await shoot(page, 'planner-support');
  expect(one.faults).toEqual([]);
  await one.context.close();
});

test('a training run whose data comes at 60 % of demand loses 40 % of its spend to it', async () => {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path: '/planner?service=idle',
  });
  const { page } = one;
  const form = page.getByRole('form', { name: 'A training run' });
  await form.getByLabel('Data loading, % of demand').fill('60');
  await form.getByLabel('Hours between failures of one').fill('');
  await form.getByRole('button', { name: 'Simulate the run' }).click();
  await page.getByTestId('training-state').getByText('predicted').waitFor({ timeout: 60_000 });
  expect(await valueOf(page, 'training-dataInput')).toBeCloseTo(0.4, 2);
  expect(await valueOf(page, 'training-cost')).toBeGreaterThan(0);
  expect(await page.getByTestId('training-fix').first().textContent()).toMatch(/saves 40/);
  expect(await overflowPx(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
  await shoot(page, 'planner-training');
  expect(one.faults).toEqual([]);
  // A field that is no figure is named, and the run is not simulated.
  await form.getByLabel('Accelerators', { exact: true }).fill('many');
  await form.getByRole('button', { name: 'Simulate the run' }).click();
  await page
    .getByText(/train\.accelerators/)
    .first()
    .waitFor();
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
