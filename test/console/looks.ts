import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { NARROW, WIDE, type Theme } from './console-browser.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];
const SIZES = [WIDE, NARROW] as const;

/** Both themes on a desk and in a hand. */
export const LOOKS = THEMES.flatMap((theme) => SIZES.map((viewport) => ({ theme, viewport })));

/** What axe finds on the page that is serious or critical. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
}
