import type { Question } from './interview-question.tsx';

/** What was answered to one question, as it was typed. */
export interface Said {
  answer: 'yes' | 'no' | 'unknown';
  title: string;
  /** http or https; '' for none. */
  link: string;
  /** Of a file that was uploaded. */
  sha256: string | null;
  owner: string;
  /** `2027-01-31`, or ''. */
  reviewDay: string;
}

export const EMPTY: Said = {
  answer: 'unknown',
  title: '',
  link: '',
  sha256: null,
  owner: '',
  reviewDay: '',
};

/** The body of `POST score/interview`. A document counts once it has a link or a file behind it. */
export function interviewBody(
  person: string,
  questions: readonly Question[],
  said: Readonly<Record<string, Said>>,
) {
  const answers = questions.flatMap(({ condition }) => {
    const one = said[condition];
    if (one === undefined) return [];
    const { answer, title, link, sha256, owner, reviewDay } = one;
    const isKept = answer === 'yes' && (link !== '' || sha256 !== null);
    const reviewAtMs = Date.parse(`${reviewDay}T00:00:00Z`);
    const document = {
      title: title === '' ? 'Document' : title,
      link: link === '' ? null : link,
      sha256,
    };
    return {
      condition,
      answer,
      document: isKept ? document : null,
      owner: owner === '' ? null : owner,
      reviewAtMs: Number.isNaN(reviewAtMs) ? null : reviewAtMs,
    };
  });
  return { person, answers };
}
