import type { Endpoint } from './endpoint.ts';
import { answersEndpoint } from './routes/answers.ts';
import { clustersEndpoint } from './routes/clusters.ts';
import { configEndpoint } from './routes/config.ts';
import { enginesEndpoint } from './routes/engines.ts';
import { eventsEndpoint } from './routes/events.ts';
import { evidenceEndpoint } from './routes/evidence.ts';
import { exportEndpoint } from './routes/export.ts';
import { healthEndpoint } from './routes/health.ts';
import { jobStepsEndpoint } from './routes/job-steps.ts';
import { keysEndpoint } from './routes/keys.ts';
import { logbookEndpoint } from './routes/logbook.ts';
import { metricsEndpoint } from './routes/metrics.ts';
import { openapiEndpoint } from './routes/openapi.ts';
import { plansEndpoint } from './routes/plans.ts';
import { probeResultsEndpoint } from './routes/probe-results.ts';
import { pushEndpoint } from './routes/push.ts';
import { requestsEndpoint } from './routes/requests.ts';
import { resourcesEndpoint } from './routes/resources.ts';
import { roadmapEndpoint } from './routes/roadmap.ts';
import { scoreEndpoint } from './routes/score.ts';
import { seriesEndpoint } from './routes/series.ts';
import { servicePlanEndpoint } from './routes/service-plan.ts';
import { servicesEndpoint } from './routes/services.ts';
import { tracesEndpoint } from './routes/traces.ts';
import { vendorAnswersEndpoint } from './routes/vendor-answers.ts';
import { vendorFillInEndpoint } from './routes/vendor-fill-in.ts';
import { vendorLinksEndpoint } from './routes/vendor-links.ts';
import { vendorProbesEndpoint } from './routes/vendor-probes.ts';
import { vendorQuotesEndpoint } from './routes/vendor-quotes.ts';
import { vendorsEndpoint } from './routes/vendors.ts';
import { whyEndpoint } from './routes/why.ts';

const described: readonly Endpoint[] = [
  answersEndpoint,
  whyEndpoint,
  clustersEndpoint,
  seriesEndpoint,
  requestsEndpoint,
  servicesEndpoint,
  enginesEndpoint,
  configEndpoint,
  healthEndpoint,
  keysEndpoint,
  exportEndpoint,
  eventsEndpoint,
  plansEndpoint,
  servicePlanEndpoint,
  metricsEndpoint,
  resourcesEndpoint,
  probeResultsEndpoint,
  jobStepsEndpoint,
  pushEndpoint,
  tracesEndpoint,
  vendorsEndpoint,
  vendorAnswersEndpoint,
  vendorLinksEndpoint,
  vendorProbesEndpoint,
  vendorQuotesEndpoint,
  scoreEndpoint,
  roadmapEndpoint,
  evidenceEndpoint,
  logbookEndpoint,
];

/** Every endpoint of the control server, in the order of its document. */
export const endpoints: readonly Endpoint[] = [
  ...described,
  openapiEndpoint(described),
  vendorFillInEndpoint,
];
