import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('the scrape bench runs, and every series is mapped', () => {
  const args = [join(import.meta.dirname, 'scrape.ts'), '--series', '200', '--seconds', '2.5'];
  const out = execFileSync(process.execPath, [...args, '--interval', '1000'], { encoding: 'utf8' });
  expect(JSON.parse(out)).toMatchObject({ series: 200, seriesMapped: 200, failures: 0 });
}, 30_000);
