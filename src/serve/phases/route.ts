import { healthShare } from '../routing/health.ts';
import { pickEngine } from '../routing/pick-engine.ts';
import type { EngineRuntime, RouteRuntime } from '../runtime.ts';

export interface Target {
  engine: EngineRuntime;
  /** Model name to ask for. */
  model: string;
  isFallback: boolean;
}

/**
 * Phase 5: the next engine to try, or null when each has had its turn. First the route's engines by its policy,
 * then its fallbacks in order; an engine is tried once a request.
 */
export function nextTarget(
  route: RouteRuntime,
  tried: ReadonlySet<EngineRuntime>,
  modelAsked: string,
  nowMs: number,
  random: () => number,
): Target | null {
  const first = route.engines[0];
  // The usual case, with nothing to choose.
  if (route.engines.length === 1 && first !== undefined && tried.size === 0) {
    if (route.fallback.length === 0 || healthShare(first.engine.health, nowMs) > 0) {
      return { engine: first.engine, model: first.model ?? modelAsked, isFallback: false };
    }
  }
  const shareOf = (engine: EngineRuntime): number => healthShare(engine.health, nowMs);
  const open = route.engines.filter(({ engine }) => !tried.has(engine));
  const fallbacks = route.fallback.filter((engine) => !tried.has(engine));
  const fallback = fallbacks.find((engine) => shareOf(engine) > 0) ?? fallbacks[0];
  const healthy = open.some(({ engine }) => shareOf(engine) > 0);
  // An ejected engine is worth trying only where no fallback is better.
  if (!healthy && fallback !== undefined && (open.length === 0 || shareOf(fallback) > 0)) {
    return { engine: fallback, model: fallbackModel(fallback, modelAsked), isFallback: true };
  }
  const picked = pickEngine(
    route.config.policy,
    open.map(({ engine, weight }) => ({
      engine: engine.config.name,
      weight,
      outstanding: engine.outstanding,
      healthShare: shareOf(engine),
    })),
    random,
  );
  const chosen = open.find(({ engine }) => engine.config.name === picked?.engine);
  if (chosen === undefined) return null;
  return { engine: chosen.engine, model: chosen.model ?? modelAsked, isFallback: false };
}

/** A fallback that does not list the model is asked for the first one it has. */
const fallbackModel = (engine: EngineRuntime, asked: string): string =>
  engine.config.models.includes(asked) ? asked : (engine.config.models[0] ?? asked);
