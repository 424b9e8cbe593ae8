import { useId } from 'react';
import type { ReplyOf } from '../api/get.ts';
import { InputField } from '../ui/field.tsx';
import { DocumentUpload } from './document-upload.tsx';
import { EMPTY, type Said } from './interview-body.ts';

export type Question = ReplyOf<'score/interview'>['questions'][number];

const ANSWERS = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
  { value: 'unknown', label: 'Nobody knows' },
] as const;

interface InterviewQuestionProps {
  question: Question;
  said: Said | null;
  onSay: (said: Said) => void;
}

/** One question; for a yes, the document that shows it. */
export function InterviewQuestion({ question, said, onSay }: InterviewQuestionProps) {
  const name = useId();
  const change = (part: Partial<Said>): void => onSay({ ...EMPTY, ...said, ...part });
  return (
    <fieldset
      data-testid="question"
      data-value={question.condition}
      className="border-t border-line pt-2 first:border-t-0 first:pt-0"
    >
      <legend className="float-left mb-1 w-full text-sm">{question.question}</legend>
      <div className="clear-both flex flex-wrap gap-x-4">
        {ANSWERS.map(({ value, label }) => (
          <label key={value} className="inline-flex min-h-6 items-center gap-1.5 text-sm">
            <input
              type="radio"
              name={name}
              value={value}
              checked={said?.answer === value}
              onChange={() => {
                change({ answer: value });
              }}
              className="accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
      {said?.answer === 'yes' ? (
        <Document hint={question.document} said={said} onChange={change} />
      ) : null}
    </fieldset>
  );
}

interface DocumentProps {
  hint: string;
  said: Said;
  onChange: (part: Partial<Said>) => void;
}

function Document({ hint, said, onChange }: DocumentProps) {
  return (
    <div className="mt-2 border-s-2 border-line ps-3">
      <p className="mb-1 text-xs text-ink-2">What shows it? {hint}</p>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        <InputField
          label="Title of the document"
          value={said.title}
          maxLength={200}
          onInput={(title) => onChange({ title })}
        />
        <InputField
          label="Link"
          type="url"
          placeholder="https://"
          value={said.link}
          onInput={(link) => onChange({ link })}
        />
        <InputField
          label="Owner"
          value={said.owner}
          maxLength={200}
          onInput={(owner) => onChange({ owner })}
        />
        <InputField
          label="Review again on"
          type="date"
          value={said.reviewDay}
          onInput={(reviewDay) => onChange({ reviewDay })}
        />
      </div>
      <DocumentUpload
        isKept={said.sha256 !== null}
        onKept={(kept) =>
          onChange({ sha256: kept.sha256, title: said.title === '' ? kept.name : said.title })
        }
      />
    </div>
  );
}
