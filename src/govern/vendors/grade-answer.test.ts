import { describe, expect, it } from 'vitest';
import { compareVendors } from './compare-vendors.ts';
import { criticalVendors } from './critical-vendors.ts';
import { diffVendor } from './diff-vendor.ts';
import { gradeAnswer, PROBE_FRESH_DAYS, REVIEW_FRESH_DAYS, type Known } from './grade-answer.ts';
import { parseWeights } from './parse-weights.ts';
import { findQuestion, type Question } from './question.ts';
import {
  answerOf,
  DAY_MS,
  fileOf,
  measureOf,
  NOW_MS,
  probeOf,
  reviewOf,
} from './testing-vendor.ts';
import { answerAt } from './vendor-file.ts';

const nothing: Known = { answer: null, review: null, probe: null };

function question(id: string): Question {
  const found = findQuestion(id);
  if (found === null) throw new Error(id);
  return found;
}
const pinned = question('serving.pinned');
const ttft = question('serving.ttft-p95');
const gradeOf = (one: Question, known: Partial<Known>, atMs = NOW_MS): string => {
  const { grade, reason } = gradeAnswer(one, { ...nothing, ...known }, atMs);
  return `${grade} ${reason}`;
};
const document = {
  title: 'Audit',
  link: 'https://a.example',
  sha256: null,
  date: '2026-06-01',
  validUntil: null,
};

describe('claims and documents', () => {
  it('count 0, 1 and 2, and less once the document is out of date', () => {
    expect(gradeOf(pinned, {})).toBe('0 none');
    expect(gradeOf(pinned, { answer: answerOf(pinned.id) })).toBe('1 claim');
    const answer = answerOf(pinned.id, { document });
    expect(gradeOf(pinned, { answer })).toBe('2 document');
    expect(gradeOf(pinned, { answer }, Date.parse('2027-06-02T00:00:00Z'))).toBe(
      '1 document-expired',
    );
    const until = answerOf(pinned.id, { document: { ...document, validUntil: '2027-01-31' } });
    expect(gradeOf(pinned, { answer: until })).toBe('2 document');
    expect(gradeOf(pinned, { answer: until }, NOW_MS + DAY_MS)).toBe('1 document-expired');
    const future = answerOf(pinned.id, { document: { ...document, date: '2028-01-01' } });
    expect(gradeOf(pinned, { answer: future })).toBe('1 claim');
  });
});

describe('probes', () => {
  const yes = answerOf(pinned.id, { value: 'yes', document });
  const no = answerOf(pinned.id, { value: 'no' });

  it('confirm and contradict what was said, whatever documents say', () => {
    expect(gradeOf(pinned, { answer: yes, probe: probeOf('pass') })).toBe('3 probe');
    expect(gradeOf(pinned, { answer: yes, probe: probeOf('fail') })).toBe('0 contradicted');
    expect(gradeOf(pinned, { answer: yes, probe: probeOf('absent') })).toBe('0 contradicted');
    expect(gradeOf(pinned, { answer: no, probe: probeOf('fail') })).toBe('3 probe');
    expect(gradeOf(pinned, { answer: yes, probe: probeOf('unknown') })).toBe('2 document');
    expect(gradeOf(pinned, { probe: probeOf('pass') })).toBe('3 probe');
    expect(gradeOf(pinned, { probe: probeOf('fail') })).toBe('0 none');
  });

  it('grow old', () => {
    const probe = probeOf('fail');
    const later = probe.atMs + PROBE_FRESH_DAYS * DAY_MS;
    expect(gradeOf(pinned, { answer: no, probe }, later)).toBe('3 probe');
    expect(gradeOf(pinned, { answer: no, probe }, later + 1)).toBe('1 claim');
  });

  it('decide a figure by its interval, and nothing where it holds the figure', () => {
    const said = answerOf(ttft.id, { value: 300 });
    const graded = (low: number, high: number | null): string =>
      gradeOf(ttft, { answer: said, probe: probeOf('pass', measureOf(low, 310, high)) });
    expect(graded(301, 400)).toBe('0 contradicted');
    expect(graded(200, 300)).toBe('3 probe');
    expect(graded(200, 400)).toBe('1 claim');
    expect(graded(200, null)).toBe('1 claim');
  });
});

describe('reviews', () => {
  const answer = answerOf(pinned.id, { value: 'yes' });

  it('go before probes, grow old when they confirm, and stay when they contradict', () => {
    const confirmed = reviewOf(pinned.id);
    const contradicted = reviewOf(pinned.id, { verdict: 'contradicted' });
    const old = NOW_MS + REVIEW_FRESH_DAYS * DAY_MS;
    expect(gradeOf(pinned, { answer, review: confirmed })).toBe('3 test');
    expect(gradeOf(pinned, { answer, review: confirmed }, old)).toBe('1 claim');
    expect(gradeOf(pinned, { answer, review: contradicted }, old)).toBe('0 contradicted');
    expect(gradeOf(pinned, { answer, review: contradicted, probe: probeOf('pass') })).toBe(
      '0 contradicted',
    );
    expect(gradeOf(pinned, { answer, review: reviewOf(pinned.id, { verdict: 'cleared' }) })).toBe(
      '1 claim',
    );
    expect(gradeOf(pinned, { answer, review: confirmed, probe: probeOf('fail') })).toBe(
      '0 contradicted',
    );
  });

  it('do not confirm an answer that came after them', () => {
    const after = answerOf(pinned.id, { atMs: NOW_MS - 1 });
    const file = fileOf({ answers: [after], reviews: [reviewOf(pinned.id)] });
    const { rows } = compareVendors([file], NOW_MS);
    expect(rows.find((row) => row.question === pinned.id)?.cells[0]?.reason).toBe('claim');
  });
});

it('weighs layers and questions, and leaves out what weighs nothing', () => {
  const file = fileOf({ answers: [answerOf(pinned.id, { value: 'yes', document })] });
  const score = (text: string): number => {
    const weights = parseWeights(text);
    if (!weights.ok) throw weights.error;
    return compareVendors([file], NOW_MS, weights.value).vendors[0]?.score ?? -1;
  };
  const others = [
    'facilities',
    'compute',
    'networking',
    'storage',
    'orchestration',
    'data',
    'observability',
    'security',
  ];
  const only = [...others, 'serving'].map((layer) => `${layer}=0`).join(',');
  expect(score(`${only},${pinned.id}=1`)).toBe(2);
  expect(score(only)).toBe(0);
  expect(score('')).toBeGreaterThan(0);
  expect(parseWeights('servin=2')).toMatchObject({ ok: false, error: { field: 'weights' } });
  expect(parseWeights('serving=x')).toMatchObject({ ok: false });
});

it('tells what changed between two dates, and leaves the past as it was', () => {
  const first = answerOf(pinned.id, { value: 'yes', atMs: NOW_MS - 30 * DAY_MS });
  const second = answerOf(pinned.id, { value: 'no', atMs: NOW_MS - 5 * DAY_MS });
  const file = fileOf({ answers: [first, second], probes: [probeOf('fail')] });
  expect(answerAt(file, pinned.id, NOW_MS - 10 * DAY_MS)).toBe(first);
  const between = (from: number, to: number): string[] =>
    diffVendor(file, NOW_MS - from * DAY_MS, NOW_MS - to * DAY_MS).map(
      ({ question: id, kind, before, after }) => `${id} ${kind} ${before.grade}>${after.grade}`,
    );
  expect(between(40, 20)).toEqual(['serving.pinned answer 0>1']);
  expect(between(20, 2)).toEqual(['serving.pinned answer 1>1']);
  expect(between(2, 0)).toEqual(['serving.pinned grade 1>3']);
  expect(between(3, 2)).toEqual([]);
});

it('grades critical vendors for the scorecard without what simulated engines produced', () => {
  const critical = { ...fileOf().vendor, critical: true };
  const answers = [answerOf(pinned.id, { value: 'yes' })];
  const real = fileOf({ vendor: critical, answers, probes: [probeOf('pass')] });
  const simulated = { ...real, probes: [{ ...probeOf('pass'), simulated: true }] };
  expect(criticalVendors([fileOf()], NOW_MS)).toBeNull();
  const proven = criticalVendors([real], NOW_MS);
  const played = criticalVendors([simulated], NOW_MS);
  expect(proven).toMatchObject({ count: 1, atMs: NOW_MS - DAY_MS });
  expect(played?.meanGrade).toBeLessThan(proven?.meanGrade ?? 0);
});
