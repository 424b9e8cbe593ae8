import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportAnswers, importAnswers } from './answers-csv.ts';
import { checkAnswer } from './check-answer.ts';
import { compareVendors } from './compare-vendors.ts';
import { guardCell, unguardCell } from './csv-text.ts';
import { readLink, signLink } from './link-token.ts';
import { questions } from './question.ts';
import { safeName } from './safe-name.ts';
import { DAY_MS, fileOf, NOW_MS, probeOf, reviewOf } from './testing-vendor.ts';
import { answerDocument, plainText, type Answer } from './vendor-records.ts';

const words = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => plainText(4_000).safeParse(text).success);
const tricky = fc.oneof(
  words,
  fc.constantFrom('=1+1', "'=x", '@a', '-3', '+4', '"', ',', 'a\nb', "''+", '\tx'),
);
const document = fc
  .record({
    title: tricky,
    link: fc.constantFrom('https://a.example/x?y=1,2', null),
    sha256: fc.constantFrom('a'.repeat(64), null),
    date: fc.constantFrom('2026-01-31', '2026-12-01'),
    validUntil: fc.constantFrom('2027-01-31', null),
  })
  // Cells are trimmed, and one line each.
  .filter((one) => answerDocument.safeParse(one).success && one.title === one.title.trim());

const answer = fc
  .tuple(fc.constantFrom(...questions), fc.double({ noNaN: true, noDefaultInfinity: true }), tricky)
  .chain(([question, number, text]) => {
    const { kind } = question.answer;
    const value =
      kind === 'number'
        ? fc.constantFrom(Number(number.toPrecision(6)), null)
        : kind === 'yes-no'
          ? fc.constantFrom('yes' as const, 'no' as const, null)
          : fc.constant(null);
    return fc.record({
      question: fc.constant(question.id),
      value,
      text: fc.constant(text),
      document: fc.option(document),
    });
  })
  .filter((one) => checkAnswer(one).ok)
  .map((one): Answer => Object.assign(one, { answeredBy: 'a', via: 'api' as const, atMs: 1 }));

const said = ({
  question,
  value,
  text,
  document: file,
}: Omit<Answer, 'answeredBy' | 'via' | 'atMs'>) => ({
  question,
  value: Object.is(value, -0) ? 0 : value,
  text,
  document: file,
});

it('answers are the same after a round trip through CSV', () => {
  const answers = fc.uniqueArray(answer, { selector: ({ question }) => question, maxLength: 12 });
  fc.assert(
    fc.property(answers, fc.constantFrom('vendor' as const, 'team' as const), (list, audience) => {
      const back = importAnswers(exportAnswers(list, audience));
      if (!back.ok) throw back.error;
      const by = (a: { question: string }, b: { question: string }): number =>
        a.question.localeCompare(b.question);
      expect(back.value.map(said).toSorted(by)).toEqual(list.map(said).toSorted(by));
    }),
    { numRuns: 60 },
  );
});

it('no cell is a formula, and every cell comes back', () => {
  fc.assert(
    fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
      const cell = guardCell(text);
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      expect(unguardCell(cell)).toBe(text);
    }),
  );
});

it('any text in place of CSV is read or refused with a code', () => {
  const rows = fc.array(fc.array(tricky, { maxLength: 4 }).map((cells) => cells.join(',')));
  const csv = fc.oneof(
    fc.string({ unit: 'binary' }),
    rows.map((lines) => ['question,value,answer', ...lines].join('\n')),
  );
  fc.assert(
    fc.property(csv, (text) => {
      const read = importAnswers(text);
      if (!read.ok) expect(read.error.code).toBe('TR_VENDOR_INVALID');
    }),
  );
});

it('only the right secret opens a link, only unchanged, only in time', () => {
  const secrets = fc.tuple(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  );
  const claims = fc.record({ id: fc.uuid(), expiresAtMs: fc.integer({ min: 1, max: 2 ** 44 }) });
  fc.assert(
    fc.property(secrets, claims, fc.nat(), fc.nat(255), ([secret, other], claim, at, byte) => {
      const token = signLink(secret, claim);
      expect(readLink(secret, token, claim.expiresAtMs - 1)).toEqual({ ok: true, value: claim });
      expect(readLink(secret, token, claim.expiresAtMs)).toMatchObject({
        error: { code: 'TR_LINK_EXPIRED' },
      });
      if (Buffer.compare(secret, other) !== 0) {
        expect(readLink(other, token, 0)).toMatchObject({ error: { code: 'TR_LINK_INVALID' } });
      }
      const place = at % token.length;
      const bent = token.slice(0, place) + String.fromCharCode(byte) + token.slice(place + 1);
      if (bent !== token) {
        expect(readLink(secret, bent, 0)).toMatchObject({ error: { code: 'TR_LINK_INVALID' } });
      }
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(readLink(new Uint8Array(32), text, 0).ok).toBe(false);
    }),
  );
});

it('names of files are safe whatever comes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), tricky), (given) => {
      const { name } = safeName(given);
      expect(name).toMatch(/^[^./][^/]*$/);
      expect(name).not.toMatch(/[\\<>"'&%;:|?*\p{Cc}]/u);
      expect(name.length).toBeLessThanOrEqual(120);
      expect(name).not.toContain('..');
    }),
  );
});

it('more evidence never lowers a score, its order does not matter, and grades fall with time only', () => {
  const facts = fc.record({
    answers: fc.uniqueArray(answer, { selector: ({ question }) => question, maxLength: 6 }),
    confirmed: fc.array(fc.constantFrom(...questions), { maxLength: 6 }),
  });
  const score = (file: ReturnType<typeof fileOf>, atMs = NOW_MS): number =>
    compareVendors([file], atMs).vendors[0]?.score ?? -1;
  fc.assert(
    fc.property(facts, fc.nat(400), ({ answers, confirmed }, days) => {
      const reviews = confirmed.map(({ id }) => reviewOf(id));
      const file = fileOf({ answers, reviews });
      expect(score(file)).toBeGreaterThanOrEqual(score(fileOf({ answers })));
      expect(score(fileOf({ answers }))).toBeGreaterThanOrEqual(score(fileOf()));
      const mixed = fileOf({ answers: answers.toReversed(), reviews: reviews.toReversed() });
      expect(score(mixed)).toBe(score(file));
      // Documents that are dated ahead are the one thing that time makes better.
      const dated = answers.every(
        (one) => one.document === null || one.document.date < '2027-01-01',
      );
      if (dated) expect(score(file, NOW_MS + days * DAY_MS)).toBeLessThanOrEqual(score(file));
      const probed = { ...file, probes: [probeOf('pass')] };
      expect(score(probed)).toBeGreaterThanOrEqual(score(file));
    }),
    { numRuns: 60 },
  );
});
