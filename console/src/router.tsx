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

const routeTree = rootRoute.addChildren([
  overviewRoute,
  requestsRoute,
  requestRoute,
  plannerRoute,
  layerRoute,
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
