import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTailrace, type RunningTailrace } from './running-tailrace.ts';

let tailrace: RunningTailrace;

beforeAll(async () => {
  tailrace = await startTailrace();
}, 60_000);
afterAll(async () => {
  await tailrace.stop();
  tailrace.remove();
});

it('a vendor answers through the gateway, without a key, beside a command on the same state', async () => {
  const { url } = tailrace;
  const made = await fetch(`${url}/api/v1/vendors`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tailrace.adminKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ id: 'acme', name: 'Acme', critical: true }),
  });
  expect(made.status).toBe(200);
  const link = await tailrace.cli('vendor', 'link', 'acme', '--for', 'ada');
  const page = link.stdout.trim();
  expect(page.startsWith(`${url}/vendor-answers/`)).toBe(true);
  const form = (text: string): RequestInit => ({
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ 'serving.price/text': text }),
  });
  expect(await (await fetch(page)).text()).toContain('Questions to Acme');
  const saved = await fetch(page, form('two dollars'));
  expect(await saved.text()).toContain('Saved: 1.');
  const large = await fetch(page, form('x'.repeat(3_000_000))).catch(() => null);
  // Refused before it was all read: the reply, or a connection that is closed.
  if (large !== null) expect(large.status).toBe(413);
  expect((await fetch(`${page}x`)).status).toBe(403);
  const compared = await tailrace.cli('vendor', 'compare', '--json');
  expect(JSON.parse(compared.stdout)).toMatchObject({ vendors: [{ id: 'acme', answered: 1 }] });
  const csv = await tailrace.cli('vendor', 'export', 'acme');
  expect(csv.stdout).toContain('two dollars');
}, 60_000);
