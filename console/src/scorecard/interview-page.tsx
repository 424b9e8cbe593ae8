import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { getQuery, GET_KEY } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import { Failure } from '../shell/failure.tsx';
import { PrimaryButton } from '../ui/button.tsx';
import { InputField } from '../ui/field.tsx';
import { Loading } from '../ui/notice.tsx';
import { Panel } from '../ui/panel.tsx';
import { interviewBody, type Said } from './interview-body.ts';
import { InterviewQuestion, type Question } from './interview-question.tsx';
import type { Score } from './score-shapes.ts';

/** Plain questions for a team without data here: an honest score in ten minutes, level 1 at most. */
export function InterviewPage() {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'score/interview', {}));
  return (
    <>
      <div>
        <p className="text-xs">
          <Link to="/scorecard" className="text-accent underline">
            Scorecard
          </Link>
        </p>
        <h1 className="text-lg font-semibold">Interview</h1>
        <p className="text-sm text-ink-2">
          Ten minutes. A yes with a document in date is evidence; a yes alone is a claim. Level 2
          needs measurements, which no answer can replace.
        </p>
      </div>
      <Failure what="the questions" error={error} shownSinceMs={null} />
      {data === undefined && error === null ? <Loading what="the questions" /> : null}
      {data === undefined ? null : <Interview questions={data.questions} />}
    </>
  );
}

function Interview({ questions }: { questions: readonly Question[] }) {
  const { client } = useApp();
  const queries = useQueryClient();
  const [person, setPerson] = useState('');
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const send = useMutation({
    mutationFn: async () => {
      const body = interviewBody(person, questions, said);
      const signal = AbortSignal.timeout(60_000);
      return client.send<Score>('POST', 'score/interview', body, signal);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [GET_KEY, 'score'] }),
  });
  const answered = questions.filter(({ condition }) => said[condition] !== undefined).length;
  const categories = [...new Set(questions.map((one) => one.categoryName))];
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <div className="max-w-72">
        <InputField label="Who answers" value={person} onInput={setPerson} required />
      </div>
      {categories.map((name, index) => (
        <Panel key={name} id={`interview-${index}`} level={2} title={`${index + 1}. ${name}`}>
          {questions
            .filter((one) => one.categoryName === name)
            .map((question) => (
              <InterviewQuestion
                key={question.condition}
                question={question}
                said={said[question.condition] ?? null}
                onSay={(next) => {
                  setSaid((now) => ({ ...now, [question.condition]: next }));
                }}
              />
            ))}
        </Panel>
      ))}
      <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center gap-3 border-t border-line bg-page px-1 py-2">
        <PrimaryButton type="submit" disabled={answered === 0 || send.isPending}>
          {send.isPending ? 'Scoring…' : 'Score these answers'}
        </PrimaryButton>
        <progress
          aria-label="Questions answered"
          max={questions.length}
          value={answered}
          className="h-2 w-32 accent-accent"
        />
        <span role="status" className="text-xs text-ink-2">
          {answered} of {questions.length} answered
        </span>
        {send.error === null ? null : (
          <span role="alert" className="text-xs text-bad">
            {send.error.message}
          </span>
        )}
      </div>
      {send.data == null ? null : <Outcome score={send.data} />}
    </form>
  );
}

function Outcome({ score }: { score: Score }) {
  return (
    <Panel id="interview-score" level={2} title="The score with these answers">
      <p role="status" className="text-sm">
        <strong data-testid="interview-proven" data-value={score.proven}>
          {score.proven} of {score.outOf} proven
        </strong>
        , {score.claimed} claimed. {score.readingText}
      </p>
      <p className="flex gap-4 text-sm">
        <Link to="/scorecard" className="text-accent underline">
          Every condition with its evidence
        </Link>
        <Link to="/roadmap" className="text-accent underline">
          What to do next
        </Link>
      </p>
    </Panel>
  );
}
