import { startSimulatedEngine } from '../plan/live/server.ts';
import { systemClock } from '../records/clock.ts';
import { joinSupervisor } from './child-main.ts';
import type { Order } from './messages.ts';

/** One simulated engine, in a process of its own as a real engine would be. */
export function runEngine(slot: string): void {
  const name = slot.slice('engine-'.length);
  let started = false;
  const supervision = joinSupervisor(() => process.exit(0));
  supervision.onOrder((order: Order) => {
    if (order.type === 'stop') process.exit(0);
    if (order.type !== 'snapshot' || started) return;
    const config = order.snapshot.config.engines.find((engine) => engine.name === name);
    if (config === undefined) return;
    started = true;
    void startSimulatedEngine({ config, clock: systemClock }).then(
      ({ url }) => {
        const port = Number(new URL(url).port);
        supervision.tell({ type: 'ready', port, keys: null, firstKey: null });
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        supervision.tell({
          type: 'failed',
          code: 'ENGINE',
          message: `engine "${name}": ${message}`,
        });
        // The supervisor starts it again, later each time: a port may become free.
        setTimeout(() => process.exit(1), 50);
      },
    );
  });
  supervision.tell({ type: 'hello' });
}
