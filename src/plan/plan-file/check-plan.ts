import { accelerators, findAccelerator } from '../../catalog/accelerators.ts';
import { findModel, models } from '../../catalog/models.ts';
import { gridRegions } from '../../catalog/site-figures.ts';
import { nearest } from '../../config/nearest.ts';
import type { Path } from '../../config/problems.ts';
import type { PlanFinding } from './parse-yaml-plan.ts';
import type { Plan, SitePlan } from './plan-schema.ts';

type Report = (path: Path, message: string, suggestion?: string | null) => void;

/** Checks what a schema cannot: names of the catalog, and figures that must agree. */
export function checkPlan(plan: Plan): PlanFinding[] {
  const findings: PlanFinding[] = [];
  const report: Report = (path, message, suggestion = null) =>
    void findings.push({ path, message, suggestion });
  if (plan.workload !== undefined) checkWorkload(plan.workload, report);
  checkAccelerators(plan, report);
  checkOwned(plan, report);
  checkFacility(plan, report);
  return findings;
}

function checkWorkload(workload: NonNullable<Plan['workload']>, report: Report): void {
  const { model, requestsPerS, trace, inputTokens, outputTokens } = workload;
  checkModel(['workload', 'model'], model, report);
  if (requestsPerS === undefined && trace === undefined) {
    report(['workload', 'requestsPerS'], 'is missing: give a rate, or a trace file');
  }
  for (const [key, range] of Object.entries({ inputTokens, outputTokens })) {
    if (typeof range === 'object' && range.min > range.max) {
      report(['workload', key], `min ${range.min} is above max ${range.max}: swap them`);
    }
  }
}

function checkModel(path: Path, model: string, report: Report): void {
  if (findModel(model) !== null) return;
  const known = models().map((one) => one.id);
  report(path, `"${model}" is not a model of the catalog`, nearest(model, known));
}

function checkAccelerators(plan: Plan, report: Report): void {
  const known = accelerators().map((one) => one.id);
  const check = (path: Path, id: string): void => {
    if (findAccelerator(id) !== null) return;
    report(path, `"${id}" is not an accelerator of the catalog`, nearest(id, known));
  };
  if (plan.deployment !== undefined) {
    check(['deployment', 'accelerator'], plan.deployment.accelerator);
  }
  for (const [i, id] of plan.search.accelerators.entries())
    check(['search', 'accelerators', i], id);
  for (const id of Object.keys(plan.money.rentUsdPerHour)) {
    check(['money', 'rentUsdPerHour', id], id);
  }
  for (const id of Object.keys(plan.money.own)) check(['money', 'own', id], id);
  for (const [i, { accelerator, model }] of plan.stepTimes.entries()) {
    check(['stepTimes', i, 'accelerator'], accelerator);
    checkModel(['stepTimes', i, 'model'], model, report);
  }
}

function checkOwned({ money, deployment }: Plan, report: Report): void {
  if (money.basis !== 'own') return;
  const owned = Object.keys(money.own).map((id) => findAccelerator(id)?.id ?? id);
  if (owned.length === 0) {
    report(['money', 'own'], 'is missing: basis own needs the purchase terms of each accelerator');
    return;
  }
  const used = deployment === undefined ? null : findAccelerator(deployment.accelerator)?.id;
  if (used !== null && used !== undefined && !owned.includes(used)) {
    report(['money', 'own', used], 'is missing: basis own needs its purchase terms');
  }
}

function checkFacility({ facility }: Plan, report: Report): void {
  if (facility.site !== undefined) checkSiteElement(facility.site, ['facility', 'site'], report);
  const { region } = facility;
  if (region !== undefined && !gridRegions().includes(region.toUpperCase())) {
    if (facility.gridGPerKwh === undefined) {
      const message = `"${region}" has no grid figure: give gridGPerKwh, or one of ${gridRegions().join(', ')}`;
      report(['facility', 'region'], message);
    }
  }
  for (const [kind, weeks] of Object.entries(facility.leadWeeks)) {
    if (weeks !== undefined && weeks.low > weeks.high) {
      report(['facility', 'leadWeeks', kind], `low ${weeks.low} is above high ${weeks.high}`);
    }
  }
}

function checkSiteElement(element: SitePlan, path: Path, report: Report): void {
  const { redundancy, units } = element;
  if (redundancy === 'N+1' && units < 2) {
    report([...path, 'units'], 'must be at least 2 for N+1: one of them is the spare');
  }
  if (redundancy === '2N' && units % 2 !== 0) {
    report([...path, 'units'], 'must be even for 2N: half of them stand on each side');
  }
  if (element.nodes.length > 0 && element.kind !== 'rack') {
    report([...path, 'nodes'], `belong in a rack, and this is a ${element.kind}: add a child rack`);
  }
  for (const [i, child] of element.children.entries()) {
    checkSiteElement(child, [...path, 'children', i], report);
  }
}
