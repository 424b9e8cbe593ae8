import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { OverviewPage } from './overview/overview-page.tsx';
import {
  parseOverviewSearch,
  parsePlannerSearch,
  parseRequestsSearch,
  parseRoadmapSearch,
  parseScoreSearch,
  parseTracesSearch,
  parseVendorsSearch,
  parseWhySearch,
  parseWindowSearch,
} from './search.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: parseOverviewSearch,
  component: OverviewPage,
});

const requestsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/requests',
  validateSearch: parseRequestsSearch,
  component: lazyRouteComponent(() => import('./requests/requests-page.tsx'), 'RequestsPage'),
});

const requestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/requests/$id',
  // The list's filters stay in the address, so that going back finds the same page.
  validateSearch: parseRequestsSearch,
  component: lazyRouteComponent(() => import('./requests/request-page.tsx'), 'RequestPage'),
});

const plannerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/planner',
  validateSearch: parsePlannerSearch,
  component: lazyRouteComponent(() => import('./planner/planner-page.tsx'), 'PlannerPage'),
});

const layerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/layers/$layer',
  validateSearch: parseWindowSearch,
  component: lazyRouteComponent(() => import('./layers/layer-page.tsx'), 'LayerPage'),
});

const whyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/why',
  validateSearch: parseWhySearch,
  component: lazyRouteComponent(() => import('./why/why-page.tsx'), 'WhyPage'),
});

const scorecardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/scorecard',
  validateSearch: parseScoreSearch,
  component: lazyRouteComponent(() => import('./scorecard/scorecard-page.tsx'), 'ScorecardPage'),
});

const interviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/scorecard/interview',
  component: lazyRouteComponent(() => import('./scorecard/interview-page.tsx'), 'InterviewPage'),
});

const roadmapRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/roadmap',
  validateSearch: parseRoadmapSearch,
  component: lazyRouteComponent(() => import('./roadmap/roadmap-page.tsx'), 'RoadmapPage'),
});

const vendorsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/vendors',
  validateSearch: parseVendorsSearch,
  component: lazyRouteComponent(() => import('./vendors/vendors-page.tsx'), 'VendorsPage'),
});

const tracesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/traces',
  validateSearch: parseTracesSearch,
  component: lazyRouteComponent(() => import('./traces/traces-page.tsx'), 'TracesPage'),
});

const routeTree = rootRoute.addChildren([
  overviewRoute,
  requestsRoute,
  requestRoute,
  plannerRoute,
  layerRoute,
  whyRoute,
  tracesRoute,
  scorecardRoute,
  interviewRoute,
  roadmapRoute,
  vendorsRoute,
]);

/** The route table of the console; the address is the only state that pages keep. */
export const router = createRouter({
  routeTree,
  scrollRestoration: true,
  defaultPreload: 'intent',
  defaultStructuralSharing: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
