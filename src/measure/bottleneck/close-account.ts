import { groupOf } from './causes.ts';
import type { TimeBook } from './time-book.ts';
import type { TimeLeaf } from './why-report.ts';

const SECONDS_PER_HOUR = 3600;
/** So little time of one kind is rounding. */
const NEGLIGIBLE = 1e-9;

/**
 * Turns a book into leaves with money and energy. Money is time x the hourly cost. Energy, where it is known, is split so
 * that time without work draws the idle power (at most all of it) and the rest falls evenly on time with work: the
 * meter cannot tell causes apart.
 */
export function closeAccount(
  book: TimeBook,
  costs: { usdPerAcceleratorHour: number | null; energyWh: number | null; idleW: number | null },
): TimeLeaf[] {
  const { usdPerAcceleratorHour: rate, energyWh } = costs;
  const entries = book.close();
  const isActive = (cause: TimeLeaf['cause']): boolean =>
    groupOf(cause) === 'held-down' || cause === 'useful';
  const split = energySplit(
    entries.reduce((sum, one) => sum + (isActive(one.cause) ? one.seconds : 0), 0),
    entries.reduce((sum, one) => sum + (isActive(one.cause) ? 0 : one.seconds), 0),
    costs,
  );
  return entries.map(({ cause, seconds, confidence, evidence }) => {
    const acceleratorHours = seconds / SECONDS_PER_HOUR;
    return {
      group: groupOf(cause),
      cause,
      share: book.paidSeconds === 0 ? 0 : seconds / book.paidSeconds,
      acceleratorHours,
      usd: rate === null ? null : acceleratorHours * rate,
      energyWh:
        energyWh === null
          ? null
          : acceleratorHours * (isActive(cause) ? split.activeW : split.idleW),
      confidence,
      evidence,
    };
  });
}

/** Mean watts of active and of other time, such that both together are the energy that was metered. */
function energySplit(
  activeSeconds: number,
  idleSeconds: number,
  { energyWh, idleW }: { energyWh: number | null; idleW: number | null },
): { activeW: number; idleW: number } {
  const hours = (activeSeconds + idleSeconds) / SECONDS_PER_HOUR;
  if (energyWh === null || hours === 0) return { activeW: 0, idleW: 0 };
  const meanW = energyWh / hours;
  const least = NEGLIGIBLE * (activeSeconds + idleSeconds);
  if (Math.min(activeSeconds, idleSeconds) <= least) return { activeW: meanW, idleW: meanW };
  const restW = Math.min(idleW ?? meanW, meanW);
  const restWh = (restW * idleSeconds) / SECONDS_PER_HOUR;
  return {
    activeW: (Math.max(0, energyWh - restWh) * SECONDS_PER_HOUR) / activeSeconds,
    idleW: restW,
  };
}
