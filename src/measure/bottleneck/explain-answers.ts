import type { Answers, ServiceAnswer } from '../answers/answers.ts';
import { CAUSES } from './causes.ts';
import type { Finding, TimeAccount, WhyReport } from './why-report.ts';

/**
 * Answer 3 with its reason: the account of accelerator time of the engines of each service takes the place of what
 * their own counters tell, and the sentence names its first finding, with the money and the fix. A
 * service with an engine that has no account keeps its answer.
 */
export const explainAnswers = (answers: Answers, report: WhyReport): Answers => ({
  ...answers,
  services: answers.services.map((one) => explained(one, report)),
});

function explained(answer: ServiceAnswer, report: WhyReport): ServiceAnswer {
  const { utilization } = answer;
  const names = new Set(utilization.engines.map(({ engine }) => engine));
  const accounts = report.accounts.filter(
    ({ subject, services }) => names.has(subject) && services.includes(answer.service),
  );
  if (accounts.length === 0 || accounts.length < names.size) return answer;
  const first = report.findings.find(({ subject }) => names.has(subject));
  return {
    ...answer,
    utilization: {
      ...utilization,
      causes: causesOf(accounts, answer.cost.allocatedUsd),
      sentence: first === undefined ? utilization.sentence : sentenceOf(answer, first),
    },
  };
}

/** The leaves of the accounts as shares of the time of all, most first; money as a part of what the service pays. */
function causesOf(
  accounts: readonly TimeAccount[],
  allocatedUsd: number | null,
): ServiceAnswer['utilization']['causes'] {
  const hours = accounts.reduce((sum, one) => sum + one.acceleratorHours, 0);
  return CAUSES.flatMap((cause) => {
    const own = accounts.flatMap(({ leaves }) => leaves.filter((leaf) => leaf.cause === cause));
    const share = own.reduce((sum, leaf) => sum + leaf.acceleratorHours, 0) / hours;
    return share > 0
      ? [{ cause, share, usd: allocatedUsd === null ? null : share * allocatedUsd }]
      : [];
  }).sort((a, b) => b.share - a.share);
}

function sentenceOf({ utilization }: ServiceAnswer, first: Finding): string {
  const { engines, busyShare } = utilization;
  const simulated = engines.every((one) => one.simulated) ? ' (simulated)' : '';
  const names = engines.map(({ engine }) => engine).join(', ');
  const busy =
    busyShare === null
      ? `How busy ${names}${simulated} was is unknown`
      : `${names}${simulated} was busy ${(busyShare * 100).toFixed(0)} % of the time paid for`;
  const of = engines.length > 1 ? `${first.subject}: ` : '';
  return `${busy}; ${of}${first.explanation}; ${first.fix}.`;
}
