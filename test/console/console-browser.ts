import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from 'playwright-core';

const OUT = join(dirname(fileURLToPath(import.meta.url)), 'out');

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };
export type Theme = 'light' | 'dark';

/** Debian's chromium, or the one that `TAILRACE_CHROMIUM` names; it talks to loopback only. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['TAILRACE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A page in a profile of its own, with everything that went wrong on it. */
export interface ConsolePage {
  page: Page;
  context: BrowserContext;
  /** Uncaught errors, console errors (a violated content security policy is one), foreign hosts. */
  faults: string[];
  /** Bodies of the answers that the page itself was sent, oldest first. */
  answers: unknown[];
}

export interface OpenOptions {
  /** Signed in with this key by the address, as the URL that `tailrace up` prints does. */
  adminKey?: string;
  path?: string;
  theme?: Theme;
  viewport?: { width: number; height: number };
}

export async function openConsole(
  browser: Browser,
  url: string,
  options: OpenOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({
    viewport: options.viewport ?? WIDE,
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const answers: unknown[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asked ${request.url()}`);
  });
  page.on('response', (response) => {
    if (!response.url().includes('/api/v1/answers') || !response.ok()) return;
    // A reply that the page gave up has no body to read.
    void response.json().then(
      (body: unknown) => answers.push(body),
      () => null,
    );
  });
  const fragment = options.adminKey === undefined ? '' : `#key=${options.adminKey}`;
  await page.goto(`${url}${options.path ?? '/'}${fragment}`);
  return { page, context, faults, answers };
}

/** What is used of the page's own objects; the tests are compiled without the types of a browser. */
interface PageElement {
  ownerDocument: { activeElement: unknown; defaultView: PageWindow };
}
interface PageWindow {
  getComputedStyle(element: unknown): Record<'outlineStyle' | 'backgroundColor', string>;
}
interface PageCanvas {
  width: number;
  height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
  };
}

/** How far the page is wider than its window, in pixels; 0 when nothing sticks out. */
export const overflowPx = (page: Page): Promise<number> =>
  page
    .locator('html')
    .evaluate((root: { scrollWidth: number; clientWidth: number }) =>
      Math.max(0, root.scrollWidth - root.clientWidth),
    );

export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element: PageElement) => element.ownerDocument.activeElement === element);

/** A computed style of the first element that fits. */
export const styleOf = (
  locator: Locator,
  name: 'outlineStyle' | 'backgroundColor',
): Promise<string> =>
  locator.evaluate(
    (element: PageElement, property) =>
      element.ownerDocument.defaultView.getComputedStyle(element)[property],
    name,
  );

/** Presses Tab until the first element that fits has the focus, at most 120 times; says whether. */
export async function tabTo(page: Page, locator: Locator): Promise<boolean> {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await isFocused(locator.first())) return true;
  }
  return false;
}

/** How many colours a canvas shows (counted to 1,000): 1 is a blank one. */
export const canvasColours = (locator: Locator): Promise<number> =>
  locator.evaluate((canvas: PageCanvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const seen = new Set<string>();
    for (let at = 0; at + 3 < data.length && seen.size < 1_000; at += 4) {
      seen.add(data.subarray(at, at + 4).join());
    }
    return seen.size;
  });

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true });
}
