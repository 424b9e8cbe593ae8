import type { ServiceAnswer } from '../../measure/answers/answers.ts';
import type { RedFlagTest } from './score-view.ts';

type Question = RedFlagTest['questions'][number]['question'];

/** Which of the three questions a red flag of `tailrace ask` leaves open. */
const questionOf: Readonly<Record<string, Question>> = {
  'no-target': 'latency',
  'no-data': 'latency',
  'latency-missing': 'latency',
  'too-few': 'latency',
  'cost-unknown': 'cost',
  'cost-partial': 'cost',
  'utilization-unknown': 'utilization',
};

const TEXT: Readonly<Record<Question, string>> = {
  latency: 'What is the p95 and p99 latency target, and what is it really?',
  cost: 'What does a request cost?',
  utilization: 'What is the utilization, and why is it not higher?',
};

/** The red-flag test of one service, from the answers that `tailrace ask` gives. */
export function redFlagTestOf(answer: ServiceAnswer): RedFlagTest {
  const flagsOf = (question: Question): string[] =>
    answer.redFlags
      .filter(({ code }) => (questionOf[code] ?? 'utilization') === question)
      .map(({ message }) => message);
  const words: Record<Question, string> = {
    latency: latencyWords(answer),
    cost: costWords(answer),
    utilization: answer.utilization.sentence,
  };
  return {
    service: answer.service,
    simulated: answer.simulated !== 'none',
    questions: (['latency', 'cost', 'utilization'] as const).map((question) => {
      const flags = flagsOf(question);
      const answered = flags.length === 0;
      return { question, text: TEXT[question], answered, answer: words[question], flags };
    }),
  };
}

/** To three digits: a target may be a part of a millisecond. */
const ms = (value: number | null): string =>
  value === null ? 'unknown' : `${Number(value.toPrecision(3))} ms`;
const aim = (value: number | null): string =>
  value === null ? 'no target' : `target ${ms(value)}`;

function latencyWords({ latency }: ServiceAnswer): string {
  const known = latency.filter((one) => one.targetP95Ms !== null || one.targetP99Ms !== null);
  if (known.length === 0) return 'No target is set.';
  const words = known.map(
    (one) =>
      `${one.metric.toUpperCase()} p95 ${ms(one.p95Ms)} (${aim(one.targetP95Ms)}), ` +
      `p99 ${ms(one.p99Ms)} (${aim(one.targetP99Ms)})`,
  );
  return `${words.join('; ')}.`;
}

/** An unknown cost says what would make it known. */
function costWords({ cost, requests }: ServiceAnswer): string {
  if (cost.perRequestUsd === null) {
    if (cost.missing.length > 0) return `Unknown: ${cost.missing.join('; ')} is missing.`;
    return requests.total === 0
      ? 'Unknown: nobody asked anything in this window, so there is no request to price.'
      : 'Unknown: no request of this window has a price.';
  }
  const tokens =
    cost.perMTokenUsd === null ? '' : `, $${cost.perMTokenUsd.toPrecision(3)} a million tokens`;
  return `$${cost.perRequestUsd.toPrecision(3)} a request${tokens}.`;
}
