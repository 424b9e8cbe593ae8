import type { SimulationReport } from '../../records/simulation.ts';
import type { Ticket } from '../engine/engine-core.ts';

const sum = (tickets: readonly Ticket[], of: (ticket: Ticket) => number): number =>
  tickets.reduce((total, ticket) => total + of(ticket), 0);

const longestMs = (
  tickets: readonly Ticket[],
  from: (ticket: Ticket) => number | null,
  to: (ticket: Ticket) => number | null,
): number => {
  let longest = 0;
  for (const ticket of tickets) {
    const start = from(ticket);
    const end = to(ticket);
    if (start !== null && end !== null) longest = Math.max(longest, (end - start) * 1000);
  }
  return longest;
};

/** What the engine says of one request: work summed over its sequences, times of the longest one. */
export function simulationReportOf(tickets: readonly Ticket[]): SimulationReport {
  return {
    simulated: true,
    queueMs: longestMs(
      tickets,
      (t) => t.arrivedS,
      (t) => t.startedS,
    ),
    prefillMs: longestMs(
      tickets,
      (t) => t.startedS,
      (t) => t.firstTokenS,
    ),
    decodeMs: longestMs(
      tickets,
      (t) => t.firstTokenS,
      (t) => t.lastTokenS,
    ),
    acceleratorSeconds: sum(tickets, (t) => t.acceleratorS),
    energyWh: sum(tickets, (t) => t.energyJ) / 3600,
    preemptions: sum(tickets, (t) => t.sequence.preemptions),
  };
}
