import type { EngineConfig, RouteConfig, ServiceConfig } from '../config/schema.ts';
import type { RetryBudget } from './limits/retry-budget.ts';
import type { RouteLimiter } from './limits/route-limiter.ts';
import type { EngineHealth } from './routing/health.ts';
import type { Transport } from './engines/transport.ts';

/** A service with its route and compiled redaction, ready for the request path. */
export interface ServiceRuntime {
  config: ServiceConfig;
  route: RouteRuntime;
  redact: RegExp[];
}

export interface RouteRuntime {
  config: RouteConfig;
  engines: Array<{ engine: EngineRuntime; weight: number; model: string | null }>;
  fallback: EngineRuntime[];
  limiter: RouteLimiter;
  retryBudget: RetryBudget;
}

export interface EngineRuntime {
  config: EngineConfig;
  /** Path prefix of the base URL, without a trailing slash. */
  basePath: string;
  /** Headers that never change: key, host-independent extras. */
  headers: string[];
  transport: Transport;
  health: EngineHealth;
  outstanding: number;
}
