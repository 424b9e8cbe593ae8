import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Governance } from '../../govern/governance.ts';
import { interviewAnswers, interviewQuestion } from '../../govern/scorecard/interview.ts';
import { renderReport } from '../../govern/scorecard/render-report.ts';
import { scoreView } from '../../govern/scorecard/score-view.ts';
import { TailraceError } from '../../records/errors.ts';
import { checkAhead, checkDocument, checkScope, conditionOf } from '../brought-evidence.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { notApplicableCreate, scoreQuery } from '../evidence-views.ts';
import { API, failures, json, security } from '../route-parts.ts';

const score = scoreView.meta({ id: 'Score' });

const scoreRoute = createRoute({
  method: 'get',
  path: `${API}/score`,
  operationId: 'getScore',
  summary: 'The scorecard: eight categories with the evidence of every condition',
  security,
  request: { query: scoreQuery },
  responses: {
    200: json(score, 'Evidence that is older than a minute is collected first.'),
    ...failures,
  },
});

const questionsRoute = createRoute({
  method: 'get',
  path: `${API}/score/interview`,
  operationId: 'getInterview',
  summary: 'The questions of the interview, in order',
  security,
  responses: {
    200: json(
      z.object({ questions: interviewQuestion.array() }).meta({ id: 'Interview' }),
      'One for each condition of level 1.',
    ),
    ...failures,
  },
});

const interviewRoute = createRoute({
  method: 'post',
  path: `${API}/score/interview`,
  operationId: 'answerInterview',
  summary: 'Answer the interview: a yes with a document is E2, without one a claim',
  security,
  request: {
    body: {
      required: true,
      ...json(interviewAnswers.meta({ id: 'InterviewAnswers' }), 'Answers of one person.'),
    },
  },
  responses: { 200: json(score, 'The score with them.'), ...failures },
});

const notApplicableRoute = createRoute({
  method: 'post',
  path: `${API}/score/not-applicable`,
  operationId: 'declareNotApplicable',
  summary: 'Say that a condition does not apply: with a reason, an owner and an expiry',
  security,
  request: {
    body: {
      required: true,
      ...json(notApplicableCreate.meta({ id: 'NotApplicable' }), 'What does not apply, and why.'),
    },
  },
  responses: { 200: json(score, 'The score with it.'), ...failures },
});

const reportRoute = createRoute({
  method: 'get',
  path: `${API}/score/report`,
  operationId: 'getScoreReport',
  summary: 'The scorecard as a page to print: a summary, then every condition',
  security,
  request: { query: scoreQuery },
  responses: {
    200: {
      description: 'One HTML file that needs nothing else; A4 through the print of a browser.',
      content: { 'text/html': { schema: z.string() } },
    },
    ...failures,
  },
});

/** The governance of this instance; TR_STATE_MISSING where there is none. */
export function governanceOf({ governance }: ControlDeps): Governance {
  if (governance !== undefined) return governance;
  throw new TailraceError('TR_STATE_MISSING', 'this instance keeps no evidence');
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const services = (): string[] => deps.config().services.map((one) => one.name);

  app.openapi(scoreRoute, async (c) => {
    const { service } = c.req.valid('query');
    return c.json(await governanceOf(deps).score(service ?? null), 200);
  });

  app.openapi(questionsRoute, (c) => c.json({ questions: governanceOf(deps).questions() }, 200));

  app.openapi(interviewRoute, async (c) => {
    const governance = governanceOf(deps);
    const body = c.req.valid('json');
    const nowMs = deps.clock.wallMs();
    for (const [i, one] of body.answers.entries()) {
      conditionOf(governance, one.condition, `answers.${i}.condition`);
      await checkDocument(governance, one.document, `answers.${i}.document`);
      if (one.reviewAtMs !== null) checkAhead(`answers.${i}.reviewAtMs`, one.reviewAtMs, nowMs);
    }
    return c.json(await governance.interview(body), 200);
  });

  app.openapi(notApplicableRoute, async (c) => {
    const governance = governanceOf(deps);
    const body = c.req.valid('json');
    checkScope(conditionOf(governance, body.condition, 'condition'), body.service, services());
    checkAhead('expiresAtMs', body.expiresAtMs, deps.clock.wallMs());
    await governance.declare(body);
    return c.json(await governance.score(body.service), 200);
  });

  app.openapi(reportRoute, async (c) => {
    const governance = governanceOf(deps);
    const service = c.req.valid('query').service ?? null;
    const view = await governance.score(service);
    return c.html(renderReport(view, await governance.roadmap({ service, role: null })), 200);
  });
}

/** `GET score`, `GET` and `POST score/interview`, `POST score/not-applicable`, `GET score/report`. */
export const scoreEndpoint: Endpoint = {
  routes: [scoreRoute, questionsRoute, interviewRoute, notApplicableRoute, reportRoute],
  register,
};
