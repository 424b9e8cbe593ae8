import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startTailrace, type RunningTailrace } from '../e2e/running-tailrace.ts';
import {
  canvasColours,
  launchBrowser,
  openConsole,
  overflowPx,
  shoot,
  tabTo,
  type ConsolePage,
  type OpenOptions,
} from './console-browser.ts';
import { LOOKS, violations } from './looks.ts';
import { writeSyntheticTrace, type SyntheticTrace } from './synthetic-trace.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/traces-kineto');
const FIXTURE = join(FIXTURES, 'h100-image-classifier.json.gz');
/** The most that the console says it is smooth at. */
const MANY_EVENTS = 1_000_000;
const FRAMES = 90;

let tailrace: RunningTailrace;
let browser: Browser;
let opened: ConsolePage[] = [];
let fixture: string;
let other: string;
let many: SyntheticTrace & { id: string };

beforeAll(async () => {
  browser = await launchBrowser();
  tailrace = await startTailrace();
  fixture = await bring(FIXTURE);
  other = await bring(join(FIXTURES, 'vllm-decode.json.gz'));
  const path = join(tailrace.home, 'many.json.gz');
  const made = await writeSyntheticTrace(path, MANY_EVENTS);
  many = { ...made, id: await bring(path) };
}, 300_000);

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

/** Sends a file as `analyze --push` does and waits until it is read. */
async function bring(path: string): Promise<string> {
  const pushed = await tailrace.cli('analyze', path, '--push', '--json');
  if (pushed.code !== 0) throw new Error(pushed.stderr);
  const { traces } = JSON.parse(pushed.stdout) as { traces: Array<{ id: string }> };
  return traces[0]?.id ?? '';
}

async function open(path: string, options: OpenOptions = {}): Promise<Page> {
  const one = await openConsole(browser, tailrace.url, {
    adminKey: tailrace.adminKey,
    path,
    ...options,
  });
  opened.push(one);
  return one.page;
}

const canvasOf = (page: Page): Locator => page.getByTestId('timeline-canvas');

/** Waits until all tiles of the view have come and were drawn. */
async function drawn(page: Page): Promise<Locator> {
  const canvas = canvasOf(page);
  await canvas.waitFor();
  await eventually(async () => {
    const missing = await canvas.getAttribute('data-missing');
    const frames = Number(await canvas.getAttribute('data-frames'));
    return missing === '0' && frames > 1 ? frames : null;
  });
  return canvas;
}

async function openTrace(id: string, options: OpenOptions = {}): Promise<Page> {
  const page = await open(`/traces?open=${id}`, options);
  await drawn(page);
  return page;
}

const rangeUs = async (page: Page, part: string): Promise<number> => {
  const value = await page.getByTestId(`range-${part}`).first().getAttribute('data-value');
  return value === null ? Number.NaN : Number(value);
};

describe('bringing traces', () => {
  test('a file is uploaded by hand, read, ticked and opened; a wrong one says why', async () => {
    const page = await open('/traces');
    await page.getByTestId('trace').first().waitFor();
    const before = await page.getByTestId('trace').count();
    const wrong = join(tailrace.home, 'notes.json');
    await writeFile(wrong, '{"hello": 1}');
    await page.locator('input[type=file]').setInputFiles([FIXTURE, wrong]);
    await page.getByText('has no "traceEvents"').waitFor();
    await eventually(async () =>
      (await page.locator('[data-testid="trace"][data-value="ready"]').count()) === before + 1
        ? true
        : null,
    );
    const row = page.locator('[data-testid="trace"][data-value="ready"]').first();
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Open ticked' }).click();
    await drawn(page);
    expect(page.url()).toContain('open=');
    await row.getByRole('button', { name: /^Delete/ }).click();
    await page.locator('[data-testid="trace"][data-value="failed"]').getByRole('button').click();
    await eventually(async () =>
      (await page.getByTestId('trace').count()) === before ? true : null,
    );
  });
});

describe('the timeline', () => {
  test('draws, and sums the whole as the API does', async () => {
    const page = await openTrace(fixture);
    expect(await canvasColours(canvasOf(page))).toBeGreaterThan(4);
    const reply = await tailrace.api(`/api/v1/traces/${fixture}`);
    const { timeline } = (await reply.json()) as { timeline: { spanUs: number } };
    const asked = await tailrace.api(
      `/api/v1/traces/${fixture}/range?fromUs=0&toUs=${timeline.spanUs}`,
    );
    const exact = (await asked.json()) as Record<string, number>;
    await page.getByTestId('range-idle').waitFor();
    expect(await rangeUs(page, 'compute')).toBe(exact['computeUs']);
    expect(await rangeUs(page, 'idle')).toBe(exact['idleUs']);
  });

  test('keys zoom, move and choose a range; its parts sum to it', async () => {
    const page = await openTrace(fixture);
    expect(await tabTo(page, page.getByTestId('timeline'))).toBe(true);
    const whole = await rangeUs(page, 'idle');
    for (const key of ['w', 'w', 'w', 'd', '+', 'm']) await page.keyboard.press(key);
    await page.getByRole('heading', { name: 'Chosen range' }).waitFor();
    await eventually(async () => ((await rangeUs(page, 'idle')) < whole ? true : null));
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Visible range' }).waitFor();
    await eventually(async () => ((await rangeUs(page, 'idle')) === whole ? true : null));
  });

  test('search goes to an event; a kernel shows its launch and leads to it', async () => {
    const page = await openTrace(many.id);
    const field = page.getByLabel('Name has');
    await field.fill('NCCLDEV');
    await field.press('Enter');
    const found = page.getByTestId('found');
    await found.waitFor();
    expect(Number(await found.getAttribute('data-value'))).toBe(MANY_EVENTS / 16);
    await page.getByRole('button', { name: 'Next' }).click();
    const event = page.getByTestId('trace-event');
    await event.waitFor();
    expect(await event.getAttribute('data-value')).toMatch(/^ncclDevKernel/);
    const linked = page.getByTestId('linked-event');
    expect(await linked.textContent()).toMatch(/^Launched 8\u00a0µs before by cudaLaunchKernel/);
    await drawn(page);
    await shoot(page, 'traces-arrow');
    await linked.getByRole('button').click();
    await page.locator('[data-testid="trace-event"][data-value="cudaLaunchKernel"]').waitFor();
  });

  test('a pointer over an event reads it out, a click chooses it, a drag selects on the axis', async () => {
    const page = await openTrace(many.id);
    await page.getByLabel('Name has').fill('addmm');
    await page.getByLabel('Name has').press('Enter');
    await page.getByTestId('found-event').nth(3).click();
    await page.getByTestId('trace-event').waitFor();
    const canvas = await drawn(page);
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const readout = page.getByTestId('timeline-readout');
    const middle = box.x + box.width / 2;
    for (let y = 40; y < box.height; y += 6) {
      await page.mouse.move(middle, box.y + y);
      if ((await readout.textContent())?.startsWith('aten::linear') === true) break;
    }
    expect(await readout.textContent()).toMatch(
      /^aten::linear: 18\u00a0µs, host operators, on CPU/,
    );
    await page.mouse.down();
    await page.mouse.up();
    await page.locator('[data-testid="trace-event"][data-value="aten::linear"]').waitFor();
    await page.mouse.move(box.x + 100, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 8, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('heading', { name: 'Chosen range' }).waitFor();
  });

  test('several traces stand below each other on one axis', async () => {
    const page = await openTrace(`${fixture},${other}`);
    expect(await page.getByRole('region', { name: /^Range of/ }).count()).toBe(2);
    expect(await page.getByTestId('timeline').getAttribute('aria-label')).toMatch(/, /);
    await shoot(page, 'traces-two');
  });
});

/** What is used of the page's own objects; the tests are compiled without the types of a browser. */
interface PageCanvas {
  dataset: Record<string, string>;
  ownerDocument: { defaultView: { requestAnimationFrame(done: (atMs: number) => void): void } };
}

test('panning a million events redraws in each frame; the times are printed', async () => {
  const page = await openTrace(many.id);
  const canvas = canvasOf(page);
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const measured: Record<string, { drawMs: number[]; frameMs: number[] }> = {};
  for (const [name, zooms] of [
    ['whole', 0],
    ['a tenth', 7],
    ['a thousandth', 20],
  ] as const) {
    await page.getByTestId('timeline').focus();
    await page.keyboard.press('Home');
    for (let pressed = 0; pressed < zooms; pressed++) await page.keyboard.press('w');
    await drawn(page);
    const before = Number(await canvas.getAttribute('data-frames'));
    const sampling = sampleFrames(canvas);
    await page.mouse.move(box.x + box.width - 20, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + 100, { steps: FRAMES });
    await page.mouse.up();
    measured[name] = await sampling;
    expect(Number(await canvas.getAttribute('data-frames'))).toBeGreaterThan(before + FRAMES / 10);
    expect(await canvasColours(canvas)).toBeGreaterThan(4);
  }
  for (const [name, { drawMs, frameMs }] of Object.entries(measured)) {
    console.log(
      `panning ${name} of ${many.events} events: draw p50 ${at(drawMs, 0.5)} ms, p95 ${at(drawMs, 0.95)} ms; ` +
        `between frames p50 ${at(frameMs, 0.5)} ms, p95 ${at(frameMs, 0.95)} ms, longest ${at(frameMs, 1)} ms`,
    );
  }
});

const at = (values: readonly number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
};

/** Times of the frames that follow, of the page and of the drawing in each that drew. */
const sampleFrames = (canvas: Locator): Promise<{ drawMs: number[]; frameMs: number[] }> =>
  canvas.evaluate(async (element: PageCanvas, frames: number) => {
    const drawMs: number[] = [];
    const frameMs: number[] = [];
    let lastMs = 0;
    let seen = element.dataset['frames'];
    const view = element.ownerDocument.defaultView;
    for (let i = 0; i < frames; i++) {
      const atMs = await new Promise<number>((done) => {
        view.requestAnimationFrame(done);
      });
      if (lastMs > 0) frameMs.push(atMs - lastMs);
      lastMs = atMs;
      if (element.dataset['frames'] === seen) continue;
      seen = element.dataset['frames'];
      drawMs.push(Number(element.dataset['drawMs']));
    }
    return { drawMs, frameMs };
  }, FRAMES);

describe.each(LOOKS)('$theme at $viewport.width px', ({ theme, viewport }) => {
  test('the page fits and is accessible', async () => {
    const page = await openTrace(fixture, { theme, viewport });
    await page.getByTestId('range-idle').waitFor();
    await shoot(page, `traces-${theme}-${viewport.width}`);
    expect(await overflowPx(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
