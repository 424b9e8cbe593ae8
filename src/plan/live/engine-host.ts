import type { Clock } from '../../records/clock.ts';
import { mixSeeds } from '../core/random.ts';
import type { Ticket } from '../engine/engine-core.ts';
import { buildEngine, type BuiltEngine } from './build-engine.ts';
import { createEngineMetrics, type EngineMetrics } from './engine-metrics.ts';
import { drawFault, readFaultHeader, type Fault } from './faults.ts';
import type { HttpError, Reading } from './http-error.ts';
import { createLiveLoop, type LiveLoop } from './live-loop.ts';
import type { FaultSettings, SimulatedEngineConfig } from './simulated-config.ts';

/** Something that waits for tokens of some tickets. */
export interface Listener {
  flush(): void;
}

/** The running engine as the endpoints see it. */
export interface EngineHost {
  readonly engine: BuiltEngine;
  readonly loop: LiveLoop;
  readonly metrics: EngineMetrics;
  readonly config: SimulatedEngineConfig;
  readonly clock: Clock;
  faults(): FaultSettings;
  setFaults(settings: FaultSettings): void;
  /** Real milliseconds until a slow start is over; 0 when it is. */
  warmInMs(): number;
  /** Seeds of the requests: each call the next one, or one that follows from the client's own seed. */
  requestSeed(clientSeed: number | null): number;
  faultFor(header: string | undefined, seed: number): Reading<Fault>;
  /** `reasons` says, per ticket, what its end counts as. */
  listen(
    tickets: readonly Ticket[],
    listener: Listener,
    reasons: ReadonlyArray<'stop' | 'length'>,
  ): void;
  /** Ends the interest in tickets and cancels those that still run. */
  release(tickets: readonly Ticket[]): void;
  checkModel(model: string): HttpError | null;
  /** Names that /v1/models lists. */
  modelNames(): string[];
}

const FAULT_SALT = 0x0fa17;

export function createEngineHost(config: SimulatedEngineConfig, clock: Clock): EngineHost {
  const engine = buildEngine(config);
  const { settings } = engine;
  const metrics = createEngineMetrics(engine, { host: config.name, startedAtMs: clock.wallMs() });
  engine.powerCap.set(settings.faults.powerCapW ?? null);
  const listeners = new Map<Ticket, { listener: Listener; reason: 'stop' | 'length' }>();
  const due = new Set<Listener>();
  let faults = settings.faults;
  let warmAtMs = clock.monoMs() + faults.slowStartMs;
  let requests = 0;

  const loop = createLiveLoop({
    replicas: engine.replicas,
    clock,
    speed: settings.speed,
    onStep(step, result, replica) {
      metrics.step(step, result, replica);
      for (const { ticket } of result.sampled) {
        const heard = listeners.get(ticket);
        if (heard !== undefined) due.add(heard.listener);
      }
      for (const ticket of result.finished) {
        const heard = listeners.get(ticket);
        if (heard === undefined) continue;
        due.add(heard.listener);
        metrics.finished(ticket, heard.reason);
        listeners.delete(ticket);
      }
    },
    onWake() {
      for (const listener of due) listener.flush();
      due.clear();
    },
  });

  const names = new Set([...config.models, engine.model.id, engine.model.name]);
  return {
    engine,
    loop,
    metrics,
    config,
    clock,
    faults: () => faults,
    setFaults(next) {
      if (next.slowStartMs !== faults.slowStartMs) warmAtMs = clock.monoMs() + next.slowStartMs;
      engine.powerCap.set(next.powerCapW ?? null);
      faults = next;
    },
    warmInMs: () => Math.max(0, warmAtMs - clock.monoMs()),
    requestSeed(clientSeed) {
      if (clientSeed !== null) return mixSeeds(mixSeeds(settings.seed, clientSeed), 1);
      requests += 1;
      return mixSeeds(mixSeeds(settings.seed, requests), 2);
    },
    faultFor(header, seed) {
      const asked = readFaultHeader(header, faults);
      if (!asked.ok) return asked;
      const drawn = drawFault(
        mixSeeds(seed, FAULT_SALT),
        faults,
        Math.max(0, warmAtMs - clock.monoMs()),
      );
      return { ok: true, value: asked.value ?? drawn };
    },
    listen(tickets, listener, reasons) {
      for (const [i, ticket] of tickets.entries()) {
        listeners.set(ticket, { listener, reason: reasons[i] ?? 'stop' });
      }
    },
    release(tickets) {
      const unfinished = tickets.filter((ticket) => listeners.delete(ticket));
      for (let i = 0; i < unfinished.length; i += 1) metrics.aborted();
      loop.cancel(unfinished);
    },
    checkModel(model) {
      if (config.models.length === 0 || names.has(model)) return null;
      return {
        status: 404,
        message: `The model \`${model}\` does not exist.`,
        type: 'not_found_error',
        param: 'model',
        code: 'model_not_found',
      };
    },
    modelNames: () => (config.models.length === 0 ? [engine.model.id] : config.models),
  };
}
