import { expect, test } from 'vitest';
import { EMPTY, interviewBody } from './interview-body.ts';

const question = (condition: string) => ({
  condition,
  category: 'c',
  categoryName: 'C',
  question: '?',
  document: 'd',
});
const questions = ['a', 'b', 'c', 'd'].map(question);

test('what was not answered is left out; a document needs something behind it', () => {
  const body = interviewBody('ada', questions, {
    b: { ...EMPTY, answer: 'yes', title: 'Runbook', link: 'https://x/y', reviewDay: '2027-01-31' },
    a: { ...EMPTY, answer: 'yes', title: 'only a title' },
    c: { ...EMPTY, answer: 'no', sha256: 'f'.repeat(64), owner: 'bob' },
  });
  expect(body).toEqual({
    person: 'ada',
    answers: [
      { condition: 'a', answer: 'yes', document: null, owner: null, reviewAtMs: null },
      {
        condition: 'b',
        answer: 'yes',
        document: { title: 'Runbook', link: 'https://x/y', sha256: null },
        owner: null,
        reviewAtMs: Date.UTC(2027, 0, 31),
      },
      { condition: 'c', answer: 'no', document: null, owner: 'bob', reviewAtMs: null },
    ],
  });
});
