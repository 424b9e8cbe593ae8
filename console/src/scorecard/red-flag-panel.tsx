import { Badge, SimulatedBadge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import type { Score } from './score-shapes.ts';

/** The three questions that a team must be able to answer, for each service. */
export function RedFlagPanel({ tests }: { tests: Score['redFlagTest'] }) {
  return (
    <Panel id="score-red-flags" level={2} title="Red-flag test: the three questions">
      <ScrollTable label="The three questions by service">
        <thead>
          <tr>
            <HeadCell>Service</HeadCell>
            <HeadCell>Question</HeadCell>
            <HeadCell>Answered</HeadCell>
            <HeadCell>Answer</HeadCell>
          </tr>
        </thead>
        <tbody>
          {tests.flatMap((one) =>
            one.questions.map((question) => (
              <tr key={`${one.service} ${question.question}`} data-testid="red-flag-question">
                <RowHead>
                  {one.service} <SimulatedBadge simulated={one.simulated ? 'all' : 'none'} />
                </RowHead>
                <Cell className="min-w-40">{question.text}</Cell>
                <Cell>
                  {question.answered ? (
                    <Badge tone="good">yes</Badge>
                  ) : (
                    <Badge tone="bad">red flag</Badge>
                  )}
                </Cell>
                <Cell className="min-w-56 text-ink-2">
                  {question.answered ? question.answer : question.flags.join(' ')}
                </Cell>
              </tr>
            )),
          )}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}
