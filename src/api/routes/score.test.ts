import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_DOCUMENT_BYTES } from '../../govern/evidence/document-store.ts';
import { roadmapView } from '../../govern/roadmap/roadmap-view.ts';
import { scoreView } from '../../govern/scorecard/score-view.ts';
import { openGovernance } from '../open-governance.ts';
import { apiError } from '../schema.ts';
import { NOW_MS, openTestControl, type TestControl } from '../test-control.ts';

const DAY_MS = 86_400_000;
let control: TestControl;
let base: TestControl;

beforeAll(async () => {
  base = openTestControl();
  const governance = await openGovernance({ ...base.deps, stateDir: null });
  control = openTestControl({ governance });
});
afterAll(async () => {
  await control.deps.governance?.close();
  await control.close();
  await base.close();
});

const send = (method: string, path: string, body: unknown): Promise<Response> =>
  control.ask(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const score = async (query = '') =>
  scoreView.parse(await (await control.ask(`/api/v1/score${query}`)).json());
const refusal = async (reply: Response) => ({
  status: reply.status,
  ...apiError.parse(await reply.json()).error,
});
const conditionOf = async (id: string) =>
  (await score()).categories.flatMap((one) => one.conditions).find((one) => one.id === id);

const brought = {
  condition: 'data.quality-checks',
  kind: 'document',
  statement: 'the rota of this quarter',
  holds: true,
  owner: 'ada',
  document: { title: 'rota', link: 'https://docs.example/rota', sha256: null },
};

describe('score and roadmap', () => {
  test('a fresh install has eight categories, nothing proven, and a roadmap of every gap', async () => {
    const view = await score();
    expect(view.categories).toHaveLength(8);
    expect(view).toMatchObject({ claimed: 0, proven: 0, simulated: 0, reading: 'spending-risk' });
    const reply = await control.ask('/api/v1/roadmap');
    const { actions } = roadmapView.parse(await reply.json());
    const unmet = view.categories.flatMap((one) => one.conditions).filter((c) => c.state !== 'met');
    expect(new Set(actions.map((one) => one.condition))).toEqual(new Set(unmet.map((c) => c.id)));
  });

  test('no action that needs telemetry comes before telemetry', async () => {
    const { actions } = roadmapView.parse(await (await control.ask('/api/v1/roadmap')).json());
    const byId = new Map(actions.map((one) => [one.id, one]));
    for (const one of actions) {
      for (const need of one.needs) {
        expect(byId.get(need)?.dueDay, `${one.id} after ${need}`).toBeLessThanOrEqual(one.startDay);
      }
    }
    expect(actions.some((one) => one.needs.includes('utilization.telemetry'))).toBe(true);
  });

  test('a role sees its own actions, and every form is exported', async () => {
    const reply = await control.ask('/api/v1/roadmap?role=data');
    const { actions } = roadmapView.parse(await reply.json());
    expect(new Set(actions.map((one) => one.role))).toEqual(new Set(['data']));
    for (const [format, type] of [
      ['md', 'text/markdown'],
      ['csv', 'text/csv'],
      ['ics', 'text/calendar'],
    ]) {
      const file = await control.ask(`/api/v1/roadmap/export?format=${format}`);
      expect(file.headers.get('content-type')).toContain(type);
      expect(await file.text()).toContain('capacity');
    }
  });

  test('an action is given an owner', async () => {
    const body = { action: 'finops.budgets', owner: 'grace' };
    const { actions } = roadmapView.parse(
      await (await send('POST', '/api/v1/roadmap/owners', body)).json(),
    );
    expect(actions.find((one) => one.id === 'finops.budgets')?.owner).toBe('grace');
  });

  test('the report escapes what people wrote, and is one page by itself', async () => {
    const statement = '<script>alert(1)</script>';
    await send('POST', '/api/v1/evidence', { ...brought, statement });
    const reply = await control.ask('/api/v1/score/report');
    const page = await reply.text();
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<script|src=|href=/);
  });
});

describe('evidence', () => {
  test('of people is E2 with a document and E1 without, never more, and can be withdrawn', async () => {
    const claim = { ...brought, kind: 'attestation', document: null };
    const posted = async (body: unknown) =>
      (await (await send('POST', '/api/v1/evidence', body)).json()) as {
        id: string;
        grade: number;
      };
    expect((await posted(claim)).grade).toBe(1);
    const { id, grade } = await posted({ ...brought, condition: 'finops.budgets' });
    expect(grade).toBe(2);
    expect((await conditionOf('finops.budgets'))?.state).toBe('met');
    expect((await control.ask(`/api/v1/evidence/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await conditionOf('finops.budgets'))?.state).toBe('unmet');
    const list = await control.ask('/api/v1/evidence?condition=finops.budgets&history=true');
    const { evidence } = (await list.json()) as { evidence: Array<{ withdrawnAtMs: number }> };
    expect(evidence.map((one) => one.withdrawnAtMs)).toEqual([NOW_MS]);
  });

  test('of the platform cannot be withdrawn', async () => {
    await score();
    const list = await control.ask('/api/v1/evidence?condition=serving.objectives');
    const { evidence } = (await list.json()) as { evidence: Array<{ id: string }> };
    const reply = await control.ask(`/api/v1/evidence/${evidence[0]?.id}`, { method: 'DELETE' });
    expect(await refusal(reply)).toMatchObject({ status: 400, field: 'id' });
  });

  test('a value is compared with the threshold; a document against a measurement is a claim', async () => {
    const body = { ...brought, condition: 'serving.attainment', value: 0.5, holds: null };
    const reply = await send('POST', '/api/v1/evidence', body);
    expect(await reply.json()).toMatchObject({ holds: false, figure: '50 %' });
    await send('POST', '/api/v1/evidence', { ...brought, condition: 'reliability.slo' });
    const slo = await conditionOf('reliability.slo');
    // The configuration of the test has a service without an availability objective.
    expect(slo).toMatchObject({ state: 'unmet', grade: 1, contradicted: true });
  });

  test.each([
    ['a condition that does not exist', { condition: 'no.such' }, 'condition'],
    ['a service that does not exist', { service: 'nope' }, 'service'],
    ['a service where the organisation is asked', { service: 'chat' }, 'service'],
    ['a review in the past', { reviewAtMs: NOW_MS - 1 }, 'reviewAtMs'],
    ['a review in ten years', { reviewAtMs: NOW_MS + 3650 * DAY_MS }, 'reviewAtMs'],
    ['neither value nor word', { holds: null }, 'value'],
    ['a document that is not there', { document: null }, 'document'],
    [
      'a digest of no upload',
      { document: { title: 't', link: null, sha256: 'a'.repeat(64) } },
      'document.sha256',
    ],
    [
      'a link that runs',
      { document: { title: 't', link: 'javascript:alert(1)', sha256: null } },
      'document.link',
    ],
    ['a grade of its own', { grade: 4 }, 'grade'],
    ['an endless statement', { statement: 'x'.repeat(2001) }, 'statement'],
  ])('%s is refused, and nothing is kept', async (_, change, field) => {
    const before = await (await control.ask('/api/v1/evidence?history=true')).text();
    const reply = await send('POST', '/api/v1/evidence', { ...brought, ...change });
    expect(await refusal(reply)).toMatchObject({ status: 400, code: 'TR_FIELD_INVALID', field });
    expect(await (await control.ask('/api/v1/evidence?history=true')).text()).toBe(before);
  });
});

describe('documents', () => {
  const put = (name: string, body: BodyInit_) =>
    control.ask(`/api/v1/evidence/documents?name=${encodeURIComponent(name)}`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'text/html' },
    });
  type BodyInit_ = string | Uint8Array<ArrayBuffer>;

  test('are kept once, by digest, and come back as a file to save', async () => {
    const kept = (await (await put('plan.html', '<b>plan</b>')).json()) as { sha256: string };
    const again = (await (await put('other.html', '<b>plan</b>')).json()) as { sha256: string };
    expect(again.sha256).toBe(kept.sha256);
    const reply = await control.ask(`/api/v1/evidence/documents/${kept.sha256}`);
    expect(reply.headers.get('content-type')).toBe('application/octet-stream');
    expect(reply.headers.get('content-disposition')).toContain('attachment');
    expect(await reply.text()).toBe('<b>plan</b>');
  });

  test.each(['../../etc/passwd', 'a\u0000b', 'invoice\u202Efdp.exe', '..', 'x'.repeat(200), ' '])(
    'the name %j is refused',
    async (name) => {
      expect(await refusal(await put(name, 'x'))).toMatchObject({
        status: 400,
        code: 'TR_FIELD_INVALID',
        field: 'name',
      });
    },
  );

  test('one that is too large is refused, with its length told or not', async () => {
    const body = new Uint8Array(MAX_DOCUMENT_BYTES + 1);
    expect(await refusal(await put('big.bin', body))).toMatchObject({
      status: 413,
      code: 'TR_BODY_TOO_LARGE',
    });
  });
});

describe('what does not apply', () => {
  const body = {
    condition: 'reliability.training-goodput',
    reason: 'nothing is trained here',
    owner: 'ada',
    expiresAtMs: NOW_MS + 30 * DAY_MS,
  };

  test('needs a reason, an owner and an expiry within reach', async () => {
    for (const [change, field] of [
      [{ reason: '' }, 'reason'],
      [{ owner: '' }, 'owner'],
      [{ expiresAtMs: NOW_MS }, 'expiresAtMs'],
      [{ expiresAtMs: NOW_MS + 4000 * DAY_MS }, 'expiresAtMs'],
    ] as const) {
      const reply = await send('POST', '/api/v1/score/not-applicable', { ...body, ...change });
      expect(await refusal(reply)).toMatchObject({ status: 400, field });
    }
  });

  test('is shown with its reason, and has no action', async () => {
    await send('POST', '/api/v1/score/not-applicable', body);
    const found = await conditionOf(body.condition);
    expect(found).toMatchObject({ state: 'not-applicable', notApplicable: { owner: 'ada' } });
    const { actions } = roadmapView.parse(await (await control.ask('/api/v1/roadmap')).json());
    expect(actions.some((one) => one.condition === body.condition)).toBe(false);
  });
});

describe('the interview', () => {
  const answer = (condition: string, said: string, document: unknown = null) => ({
    person: 'grace',
    answers: [{ condition, answer: said, document }],
  });

  test('a later answer of the same person takes the place of the earlier one', async () => {
    const id = 'security.audit';
    const document = { title: 'report', link: 'https://docs.example/r', sha256: null };
    await send('POST', '/api/v1/score/interview', answer(id, 'yes', document));
    expect((await conditionOf(id))?.grade).toBe(2);
    await send('POST', '/api/v1/score/interview', answer(id, 'no'));
    expect((await conditionOf(id))?.grade).toBe(0);
  });

  test('an answer to no question is refused with its place', async () => {
    const reply = await send('POST', '/api/v1/score/interview', answer('no.such', 'yes'));
    expect(await refusal(reply)).toMatchObject({ status: 400, field: 'answers.0.condition' });
  });
});

test('a service that does not exist is not found', async () => {
  for (const path of ['score', 'roadmap']) {
    const reply = await control.ask(`/api/v1/${path}?service=nope`);
    expect(await refusal(reply)).toMatchObject({ status: 404, field: 'service' });
  }
});
