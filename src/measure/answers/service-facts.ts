import type { Config, EngineConfig, ServiceConfig } from '../../config/schema.ts';
import type { Cell, EngineUse, Window } from '../ledger/ledger.ts';
import { totalsOf, type Totals } from './totals.ts';

/** Everything one service's answers are computed from. */
export interface ServiceFacts {
  service: ServiceConfig;
  window: Window;
  /** Engines that took its requests in the window or that its route names, in config order. */
  engines: EngineFacts[];
  /** All of its requests. */
  all: Totals;
  /** Requests that some engine was asked for. */
  asked: Totals;
  /** Requests that got a reply (status below 400): what latency percentiles are about. */
  served: Totals;
  /** Cells by engine, model and status. */
  cells: readonly Cell[];
}

export interface EngineFacts {
  engine: EngineConfig;
  /** Null: no sample in the window. */
  use: EngineUse | null;
  /** This service's requests at this engine. */
  mine: Totals;
  /** Its requests here that got a reply. */
  mineServed: Totals;
  /** This service's share of the engine, 0..1; see `engineShare`. */
  share: number;
}

export interface WindowFacts {
  config: Config;
  window: Window;
  /** Of all services, grouped by engine, model and status. */
  cells: readonly Cell[];
  uses: readonly EngineUse[];
}

export const isServed = (cell: Cell): boolean =>
  cell.engine !== null && cell.status !== null && cell.status < 400;

export function serviceFacts(service: ServiceConfig, facts: WindowFacts): ServiceFacts {
  const cells = facts.cells.filter((cell) => cell.service === service.name);
  const routed = routedEngines(service, facts.config);
  const asked = cells.filter((cell) => cell.engine !== null);
  const touched = new Set(asked.map((cell) => cell.engine));
  const engines = facts.config.engines
    .filter((engine) => routed.has(engine.name) || touched.has(engine.name))
    .map((engine) => engineFacts(engine, service, facts));
  return {
    service,
    window: facts.window,
    engines,
    all: totalsOf(cells),
    asked: totalsOf(asked),
    served: totalsOf(cells.filter(isServed)),
    cells,
  };
}

function engineFacts(
  engine: EngineConfig,
  service: ServiceConfig,
  facts: WindowFacts,
): EngineFacts {
  const here = facts.cells.filter((cell) => cell.engine === engine.name);
  const mine = here.filter((cell) => cell.service === service.name);
  return {
    engine,
    use: facts.uses.find((use) => use.engine === engine.name) ?? null,
    mine: totalsOf(mine),
    mineServed: totalsOf(mine.filter(isServed)),
    share: engineShare(engine, service, facts),
  };
}

/**
 * The part of an engine's fixed cost that falls to a service: by accelerator time used, or by
 * tokens where some of that is unknown, or by requests where tokens are too. An engine that nobody
 * used in the window falls in equal parts to the services whose routes name it.
 */
function engineShare(engine: EngineConfig, service: ServiceConfig, facts: WindowFacts): number {
  const here = facts.cells.filter((cell) => cell.engine === engine.name && isServed(cell));
  for (const weigh of [acceleratorTime, tokens, requests]) {
    const whole = sumOf(here, weigh);
    if (whole !== null && whole > 0) {
      const mine = here.filter((cell) => cell.service === service.name);
      return (sumOf(mine, weigh) ?? 0) / whole;
    }
  }
  const owners = facts.config.services.filter((one) =>
    routedEngines(one, facts.config).has(engine.name),
  );
  return owners.some((one) => one.name === service.name) ? 1 / owners.length : 0;
}

type Weigh = (cell: Cell) => number | null;

const acceleratorTime: Weigh = ({ acceleratorSeconds }) =>
  acceleratorSeconds.unknownCount === 0 ? acceleratorSeconds.sum : null;
const tokens: Weigh = ({ tokensIn, tokensOut }) =>
  tokensIn.unknownCount + tokensOut.unknownCount === 0 ? tokensIn.sum + tokensOut.sum : null;
const requests: Weigh = (cell) => cell.requests;

function sumOf(cells: readonly Cell[], weigh: Weigh): number | null {
  let sum = 0;
  for (const cell of cells) {
    const weight = weigh(cell);
    if (weight === null) return null;
    sum += weight;
  }
  return sum;
}

function routedEngines(service: ServiceConfig, config: Config): Set<string> {
  const route = config.routes.find((one) => one.name === service.route);
  return new Set([...(route?.engines.map((one) => one.engine) ?? []), ...(route?.fallback ?? [])]);
}
