import type { Page } from 'playwright-core';
import type { Answers, ServiceAnswer } from '../../src/measure/answers/answers.ts';

type Figures = Record<string, number | string | null>;

/** The figures of the three answers by the name that the page gives them, as the API sent them. */
function figuresOf(answer: ServiceAnswer): Figures {
  const figures: Figures = {};
  for (const { metric, p50Ms, p95Ms, p99Ms, count } of answer.latency) {
    figures[`${metric}-p50`] = p50Ms;
    figures[`${metric}-p95`] = p95Ms;
    figures[`${metric}-p99`] = p99Ms;
    figures[`${metric}-count`] = count;
  }
  for (const { cause, share } of answer.tail.causes) figures[`tail-${cause}`] = share;
  const { cost, utilization } = answer;
  return {
    ...figures,
    'cost-per-request': cost.perRequestUsd,
    'cost-per-1k': cost.per1kRequestsUsd,
    'cost-per-mtok': cost.perMTokenUsd,
    'cost-usage': cost.usageUsd,
    'cost-idle': cost.idleUsd,
    'cost-allocated': cost.allocatedUsd,
    'cost-marginal': cost.marginal.perRequestUsd,
    'busy-share': utilization.busyShare,
    sentence: utilization.sentence,
  };
}

/** `testid=value` of every figure that the page must show for these answers. */
export const expectedFigures = (answers: Answers): string[] =>
  answers.services
    .flatMap((answer) =>
      Object.entries(figuresOf(answer)).map(
        ([name, value]) => `answer-${answer.service}-${name}=${value ?? 'unknown'}`,
      ),
    )
    .toSorted();

/** The same of what the page shows; figures beyond those expected are left out. */
export async function shownFigures(page: Page, expected: readonly string[]): Promise<string[]> {
  const shown = await page
    .locator('[data-testid^="answer-"]')
    .evaluateAll((elements) =>
      elements.map((element) => [
        element.getAttribute('data-testid') ?? '',
        element.getAttribute('data-value') ?? '',
      ]),
    );
  const wanted = new Set(expected.map((line) => line.slice(0, line.indexOf('='))));
  return shown
    .filter(([name = '']) => wanted.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}
