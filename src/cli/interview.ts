import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { cancel, intro, isCancel, log, outro, select, text } from '@clack/prompts';
import { z } from 'zod';
import {
  interviewQuestion,
  type InterviewAnswers,
  type InterviewQuestion,
} from '../govern/scorecard/interview.ts';
import { TailraceError } from '../records/errors.ts';
import type { CommandContext } from './command.ts';
import type { Instance } from './instance.ts';

type Answer = InterviewAnswers['answers'][number];

const questionList = z.object({ questions: interviewQuestion.array() });
const kept = z.object({ sha256: z.string() });
/** Prompts go to standard error, so that the score alone is on standard output. */
const output = process.stderr;

/**
 * Asks the questions in the terminal, and sends the answers. Whoever stops early loses nothing: what was answered until
 * then is sent. Returns the score; null when nothing was answered. TR_USAGE without a terminal.
 */
export async function runInterview(context: CommandContext, instance: Instance): Promise<unknown> {
  if (!context.stderr.isTTY || !process.stdin.isTTY) {
    const message =
      'the interview needs a terminal; over the API it is POST /api/v1/score/interview';
    throw new TailraceError('TR_USAGE', message, { field: 'interview' });
  }
  const { questions } = questionList.parse(await instance.getJson('/api/v1/score/interview'));
  intro(`Scorecard interview: ${questions.length} questions, about ten minutes`, { output });
  const person = await text({ message: 'Who answers?', validate: required, output });
  if (isCancel(person)) return stopped([], person, instance);
  const answers: Answer[] = [];
  let category = '';
  for (const [i, question] of questions.entries()) {
    if (question.category !== category) {
      log.step(question.categoryName, { output });
      ({ category } = question);
    }
    const answer = await ask(question, `${i + 1}/${questions.length}`, { context, instance });
    if (answer === null) return stopped(answers, person, instance);
    answers.push(answer);
  }
  outro('Thank you. What was said is a claim until a document or a measurement carries it.', {
    output,
  });
  return send(answers, person, instance);
}

const required = (value: string | undefined): string | undefined =>
  (value ?? '').trim() === '' ? 'Please give a name.' : undefined;

const send = (answers: Answer[], person: string, instance: Instance): Promise<unknown> =>
  instance.postJson('/api/v1/score/interview', { person: person.trim(), answers });

async function stopped(
  answers: Answer[],
  person: string | symbol,
  instance: Instance,
): Promise<unknown> {
  if (answers.length === 0 || typeof person === 'symbol') {
    cancel('Nothing was kept.', { output });
    return null;
  }
  cancel(`Stopped. The ${answers.length} answers until here are kept.`, { output });
  return send(answers, person, instance);
}

/** Null: the person stopped. */
async function ask(
  question: InterviewQuestion,
  place: string,
  on: { context: CommandContext; instance: Instance },
): Promise<Answer | null> {
  const answer = await select({
    message: `${place}  ${question.question}`,
    options: [
      { value: 'unknown', label: 'I do not know' },
      { value: 'no', label: 'No' },
      { value: 'yes', label: 'Yes' },
    ] as const,
    output,
  });
  if (isCancel(answer)) return null;
  const bare = { condition: question.condition, answer, owner: null };
  if (answer !== 'yes') return { ...bare, document: null, reviewAtMs: null };
  const found = await text({
    message: `Link or file of a document (empty: none). ${question.document}`,
    placeholder: 'https://... or ./file.pdf',
    defaultValue: '',
    validate: (value) => problemOf(value ?? '', on.context.cwd),
    output,
  });
  if (isCancel(found)) return null;
  const document = await documentOf(found.trim(), on);
  return { ...bare, document, reviewAtMs: null };
}

const isLink = (value: string): boolean => /^https?:\/\//i.test(value) && URL.canParse(value);

/** What is wrong with a place; undefined when it can be used. */
function problemOf(value: string, cwd: string): string | undefined {
  const place = value.trim();
  if (place === '' || isLink(place)) return undefined;
  try {
    return statSync(resolve(cwd, place)).isFile() ? undefined : 'That is not a file.';
  } catch {
    return 'That is neither a link nor a file that is there.';
  }
}

async function documentOf(
  place: string,
  { context, instance }: { context: CommandContext; instance: Instance },
): Promise<Answer['document']> {
  if (place === '') return null;
  if (isLink(place)) return { title: place.slice(0, 200), link: place, sha256: null };
  const name = basename(place);
  const path = `/api/v1/evidence/documents?name=${encodeURIComponent(name)}`;
  const content = readFileSync(resolve(context.cwd, place));
  const { sha256 } = kept.parse(await instance.putBytes(path, content));
  return { title: name.slice(0, 200), link: null, sha256 };
}
