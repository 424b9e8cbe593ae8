import type { Answers, ServiceAnswer } from '../answers/answers.ts';
import type { WhyReport } from './why-report.ts';

/**
 * Answer 3 with its reason: what the account of accelerator time names first for the engines of each service, with the money
 * and the fix. A service without such a finding keeps its sentence.
 */
export const explainAnswers = (answers: Answers, report: WhyReport): Answers => ({
  ...answers,
  services: answers.services.map((one) => explained(one, report)),
});

function explained(answer: ServiceAnswer, { accounts, findings }: WhyReport): ServiceAnswer {
  const engines = new Set(
    accounts.filter(({ services }) => services.includes(answer.service)).map((one) => one.subject),
  );
  const first = findings.find(({ subject }) => engines.has(subject));
  if (first === undefined) return answer;
  const { utilization } = answer;
  const reason = `${first.subject}: ${first.explanation}; ${first.fix}.`;
  return {
    ...answer,
    utilization: { ...utilization, sentence: `${utilization.sentence} ${reason}` },
  };
}
