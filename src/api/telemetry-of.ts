import type { Telemetry } from '../measure/telemetry/telemetry.ts';
import { TailraceError } from '../records/errors.ts';
import type { ControlDeps } from './deps.ts';

/** Where telemetry is kept; TR_CONTROL_DOWN where none is taken in (an instance that does not run). */
export function telemetryOf(deps: ControlDeps): Telemetry {
  if (deps.telemetry !== undefined) return deps.telemetry;
  throw new TailraceError('TR_CONTROL_DOWN', 'telemetry is kept by a running instance only');
}
