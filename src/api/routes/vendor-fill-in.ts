import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { findQuestion } from '../../govern/vendors/question.ts';
import type { VendorLink } from '../../govern/vendors/vendor-links.ts';
import type { VendorStore } from '../../govern/vendors/vendor-store.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { createRateLimit } from '../rate-limit.ts';
import { unwrap } from '../unwrap.ts';
import { vendorFileOf, vendorsOf } from '../vendor-desk.ts';
import { fillInPath } from '../vendor-page/fill-in-path.ts';
import { fillInPage, problemPage, saidOf, type FillInView } from '../vendor-page/fill-in-page.ts';
import { pageHeaders } from '../vendor-page/page-style.ts';
import { answerOf, readFillIn } from '../vendor-page/read-fill-in.ts';

/** Requests a minute through one link, and through all that are not valid together. */
const PER_MINUTE = 60;
const BAD_KEY = 'not a link';

type Page = { view: FillInView; status: 200 | 400 };
type Act = (visit: Visit, c: Context<ControlEnv>) => Promise<Partial<FillInView>>;

interface Visit {
  store: VendorStore;
  link: VendorLink;
}

/** Saves what is right and shows the rest again: nothing that was typed is lost. */
const save: Act = async ({ store, link }, c) => {
  const { answers, problems, said } = readFillIn(new URLSearchParams(await c.req.text()));
  const by = { answeredBy: link.recipient, via: 'link' } as const;
  const added = await store.addAnswers(link.vendor, answers, by);
  if (added.length > 0) await store.links.markUsed(link.id);
  const wrong = new Map([...said].filter(([id]) => problems.has(id)));
  return { notice: savedText(added.length, answers.length), problems, said: wrong };
};

const savedText = (added: number, read: number): string =>
  added === 0 && read > 0 ? 'Nothing new: these answers stand already.' : `Saved: ${added}.`;

/** Keeps a file and attaches it to the answer of its question. */
const attach: Act = async ({ store, link }, c) => {
  const form = await c.req.parseBody();
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const { file } = form;
  const question = findQuestion(text('question'));
  if (question === null) throw wrong('question', 'choose the question that the file belongs to');
  if (!(file instanceof File)) throw wrong('file', 'choose a file');
  const { answers } = await vendorFileOf(store, link.vendor);
  const before = answers.findLast((one) => one.question === question.id) ?? null;
  // Checked before the file is kept, so that a wrong date leaves nothing behind.
  const said = { ...saidOf(before), title: text('title'), link: '', date: text('date') };
  const answer = { ...said, until: text('until'), sha256: '0'.repeat(64) };
  unwrap(answerOf(question, answer));
  const content = new Uint8Array(await file.arrayBuffer());
  const kept = await store.addDocument(link.vendor, file.name, file.type, content);
  const input = unwrap(answerOf(question, { ...answer, sha256: kept.sha256 }));
  await store.addAnswers(link.vendor, [input], { answeredBy: link.recipient, via: 'link' });
  await store.links.markUsed(link.id);
  return { notice: `Attached ${kept.name} to ${question.id}.` };
};

const wrong = (field: string, message: string): TailraceError =>
  new TailraceError('TR_VENDOR_INVALID', message, { field });

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const limit = createRateLimit(PER_MINUTE, deps.clock);
  const check = (key: string): void => {
    const waitMs = limit.take(key);
    if (waitMs === null) return;
    const message = `too many requests; wait ${Math.ceil(waitMs / 1000)} seconds`;
    throw new TailraceError('TR_RATE_LIMITED', message);
  };
  const open = async (token: string): Promise<Visit> => {
    const store = vendorsOf(deps);
    const link = await store.links.open(token).catch((error: unknown) => {
      check(BAD_KEY);
      throw error;
    });
    check(link.id);
    return { store, link };
  };
  const answer = (act: Act | null) => async (c: Context<ControlEnv>) => {
    try {
      const token = c.req.param('token') ?? '';
      const visit = await open(token);
      const done = act === null ? {} : await act(visit, c);
      const { view, status } = await pageOf(visit, token, done);
      if (act !== null) deps.log.info('vendor link used', { link: visit.link.id });
      return await send(c, fillInPage(view), status);
    } catch (error) {
      if (!(error instanceof TailraceError)) throw error;
      if (error.code === 'TR_RATE_LIMITED') c.header('retry-after', '60');
      return send(c, problemPage(error.code, error.message), error.status as ContentfulStatusCode);
    }
  };
  app.get(fillInPath(':token'), answer(null));
  app.post(fillInPath(':token'), answer(save));
  app.post(`${fillInPath(':token')}/documents`, answer(attach));
}

async function pageOf(
  { store, link }: Visit,
  token: string,
  done: Partial<FillInView>,
): Promise<Page> {
  const { vendor, answers } = await vendorFileOf(store, link.vendor);
  const view: FillInView = {
    vendor,
    link,
    path: fillInPath(token),
    answers: new Map(answers.map((one) => [one.question, one])),
    said: new Map(),
    problems: new Map(),
    notice: null,
    ...done,
  };
  return { view, status: view.problems.size === 0 ? 200 : 400 };
}

async function send(
  c: Context<ControlEnv>,
  page: HtmlEscapedString | Promise<HtmlEscapedString>,
  status: ContentfulStatusCode,
): Promise<Response> {
  for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
  return c.html(await page, status);
}

/** The page behind a signed link. It needs no admin key and is not part of the API's document. */
export const vendorFillInEndpoint: Endpoint = { routes: [], register };
