import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { layers, questions, type Question } from '../../govern/vendors/question.ts';
import type { Answer, Vendor } from '../../govern/vendors/vendor-records.ts';
import type { VendorLink } from '../../govern/vendors/vendor-links.ts';
import { fieldName, type FillInField, type Said } from './read-fill-in.ts';
import { STYLE_ELEMENT } from './page-style.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What the page shows: answers that stand, and what was typed last where it was not right. */
export interface FillInView {
  vendor: Vendor;
  link: VendorLink;
  /** Path of this page. */
  path: string;
  answers: ReadonlyMap<string, Answer>;
  said: ReadonlyMap<string, Said>;
  problems: ReadonlyMap<string, string>;
  /** What was just done; null on the first look. */
  notice: string | null;
}

/**
 * The questionnaire as one page without scripts: it works in any browser, and nothing in it can run. Every text goes
 * through hono's escaping. It shows the vendor's own answers only, never grades, reviews or other vendors.
 */
export function fillInPage(view: FillInView): Html {
  const { vendor, link, path, problems, notice } = view;
  const team = vendor.kind === 'team';
  const end = new Date(link.expiresAtMs).toISOString().slice(0, 10);
  return layout(
    `Questions to ${vendor.name}`,
    html`<h1>Questions to ${vendor.name}</h1>
      <p>
        Answers are kept as ${link.recipient}. This page works until ${end} (UTC); come back to it
        as often as needed. Leave open what is not known: a blank is better than a guess. A document
        in date counts more than a claim, and what can be measured will be.
      </p>
      ${notice === null ? '' : html`<p class="notice" role="status">${notice}</p>`}
      ${problems.size === 0 ? '' : problemList(problems)}
      <nav aria-label="Layers">
        ${layers.map((layer) => html`<a href="#${layer}">${layer}</a> `)}
      </nav>
      <form method="post" action="${path}">
        ${layers.map((layer) => layerSection(layer, view, team))}
        <p class="send"><button type="submit">Save answers</button></p>
      </form>
      ${documentForm(path)}`,
  );
}

/** A page that says what went wrong, for people who follow a link. */
export const problemPage = (code: string, message: string): Html =>
  layout(
    'This page cannot be shown',
    html`<h1>This page cannot be shown</h1>
      <p>${message}</p>
      <p class="code">${code}</p>`,
  );

function layout(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${raw(STYLE_ELEMENT)}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
}

const problemList = (problems: FillInView['problems']): Html =>
  html`<div class="problems" role="alert">
    <p>Not saved yet; everything else was:</p>
    <ul>
      ${[...problems].map(
        ([id, message]) => html`<li><a href="#q-${id}">${id}</a>: ${message}</li>`,
      )}
    </ul>
  </div>`;

function layerSection(layer: Question['layer'], view: FillInView, team: boolean): Html {
  const own = questions.filter((one) => one.layer === layer);
  return html`<section id="${layer}">
    <h2>${layer}</h2>
    ${own.map((question) => questionFields(question, view, team))}
  </section>`;
}

function questionFields(question: Question, view: FillInView, team: boolean): Html {
  const { id } = question;
  const said = view.said.get(id) ?? saidOf(view.answers.get(id) ?? null);
  const problem = view.problems.get(id);
  return html`<fieldset id="q-${id}">
    <legend>${team ? question.askTeam : question.ask}</legend>
    <p class="hint">${question.good}</p>
    ${problem === undefined ? '' : html`<p class="problem">${problem}</p>`}
    ${valueField(question, said)}
    <label
      >Answer<textarea name="${fieldName(id, 'text')}" rows="3" maxlength="4000">
${said.text}</textarea>
    </label>
    <details ${said.title === '' ? '' : raw('open')}>
      <summary>Document</summary>
      ${input(id, 'title', 'Title', said, 'text')} ${input(id, 'link', 'Link', said, 'url')}
      ${input(id, 'sha256', 'or SHA-256 of an uploaded file', said, 'text')}
      ${input(id, 'date', 'Issued on', said, 'date')}
      ${input(id, 'until', 'Valid until', said, 'date')}
    </details>
  </fieldset>`;
}

function valueField({ id, answer }: Question, said: Said): Html {
  const name = fieldName(id, 'value');
  if (answer.kind === 'text') return html``;
  if (answer.kind === 'number') {
    return html`<label
      >Number (${answer.unit ?? ''})<input
        name="${name}"
        inputmode="decimal"
        maxlength="40"
        value="${said.value}"
    /></label>`;
  }
  const options = ['', 'yes', 'no'].map(
    (one) =>
      html`<option value="${one}" ${one === said.value ? raw('selected') : ''}>
        ${one === '' ? 'open' : one}
      </option>`,
  );
  return html`<label
    >Yes or no<select name="${name}">
      ${options}
    </select></label
  >`;
}

const input = (id: string, field: FillInField, label: string, said: Said, type: string): Html =>
  html`<label
    >${label}<input
      name="${fieldName(id, field)}"
      type="${type}"
      maxlength="500"
      value="${said[field]}"
  /></label>`;

const documentForm = (path: string): Html =>
  html`<section id="documents">
    <h2>Documents</h2>
    <p>
      Save the answers first: this is a form of its own. A file of at most 5 MiB is attached to the
      answer it belongs to.
    </p>
    <form method="post" action="${path}/documents" enctype="multipart/form-data">
      <label
        >Question<select name="question">
          ${questions.map(({ id }) => html`<option value="${id}">${id}</option>`)}
        </select></label
      >
      <label>Title<input name="title" required maxlength="200" /></label>
      <label>Issued on<input name="date" type="date" required /></label>
      <label>Valid until<input name="until" type="date" /></label>
      <label>File<input name="file" type="file" required /></label>
      <p><button type="submit">Attach</button></p>
    </form>
  </section>`;

/** The fields of an answer that stands. */
export function saidOf(answer: Answer | null): Said {
  const document = answer?.document ?? null;
  return {
    value: answer?.value == null ? '' : String(answer.value),
    text: answer?.text ?? '',
    title: document?.title ?? '',
    link: document?.link ?? '',
    sha256: document?.sha256 ?? '',
    date: document?.date ?? '',
    until: document?.validUntil ?? '',
  };
}
