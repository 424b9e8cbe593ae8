import type { SiteElement } from '../facility/site-element.ts';
import type { SitePlan } from './plan-schema.ts';

/** The power tree of a plan, with what was left out as null. */
export const siteElementOf = (plan: SitePlan): SiteElement => ({
  ...plan,
  kwPerUnit: plan.kwPerUnit ?? null,
  cooling: plan.cooling ?? null,
  children: plan.children.map(siteElementOf),
});
