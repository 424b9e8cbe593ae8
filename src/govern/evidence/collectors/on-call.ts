import { serviceCollector } from '../collector.ts';

/** Two people at least: one is asleep. */
const PEOPLE = 2;

/** Somebody is told of alerts, another is next, and the last message was taken. */
export const onCall = serviceCollector(
  { id: 'on-call', source: 'logbook', query: '/api/v1/logbook?kind=alert', combine: 'least' },
  async (facts, window, service) => {
    const people = service.onCall?.people ?? [];
    const told = ((await facts.logbook('alert')) ?? []).findLast(
      (one) => one.service === service.name && one.delivered !== null && one.atMs >= window.fromMs,
    );
    if (service.onCall === undefined || told === undefined) return null;
    const words = told.delivered === true ? 'was taken' : 'was not taken';
    return {
      value: people.length >= PEOPLE && told.delivered === true ? 1 : 0,
      coverage: 1,
      // Whoever is told is real, whatever the alert was about.
      simulated: false,
      statement: `${people.length} people on call; the last message, ${iso(told.atMs)}, ${words}.`,
      atMs: told.atMs,
    };
  },
);

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
