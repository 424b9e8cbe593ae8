import { REQUEST, type RequestLog } from './request-log.ts';
import type { SeriesPoint } from './serving-result.ts';

const PARTS = 60;

/** The run in 60 equal parts, from the accounts of its requests; empty when nothing finished. Cost: O(requests + parts). */
export function timeSeries(log: RequestLog, ttftMs: Float64Array): SeriesPoint[] {
  const startS = log.arrivedS[0];
  const endS = log.lastTokenS.reduce((most, one) => (one > most ? one : most), -1);
  if (startS === undefined || !(endS > startS)) return [];
  const widthS = (endS - startS) / PARTS;
  const column = (): Float64Array => new Float64Array(PARTS + 1);
  const [arrivals, finished, worst] = [column(), column(), column().fill(Number.NaN)];
  const [running, waiting] = [spread(startS, widthS), spread(startS, widthS)];
  const partOf = (timeS: number): number =>
    Math.min(PARTS - 1, Math.floor((timeS - startS) / widthS));
  for (let i = 0; i < log.size; i += 1) {
    const arrivedS = log.arrivedS[i] ?? Number.NaN;
    if (Number.isNaN(arrivedS)) continue;
    const part = partOf(arrivedS);
    arrivals[part] = (arrivals[part] ?? 0) + 1;
    if (log.state[i] !== REQUEST.finished) continue;
    const [firstS = endS, lastS = endS] = [log.startedS[i], log.lastTokenS[i]];
    const done = partOf(lastS);
    finished[done] = (finished[done] ?? 0) + 1;
    waiting.add(arrivedS, firstS);
    running.add(firstS, lastS);
    const ttft = ttftMs[i] ?? Number.NaN;
    if (!((worst[part] ?? Number.NaN) >= ttft)) worst[part] = ttft;
  }
  const inRunning = running.means();
  const inWaiting = waiting.means();
  return Array.from({ length: PARTS }, (_, part) => ({
    fromS: part * widthS,
    toS: (part + 1) * widthS,
    arrivals: arrivals[part] ?? 0,
    finished: finished[part] ?? 0,
    meanRunning: inRunning[part] ?? 0,
    meanWaiting: inWaiting[part] ?? 0,
    ttftMsMax: Number.isNaN(worst[part] ?? Number.NaN) ? null : (worst[part] ?? null),
  }));
}

/** Mean number of intervals that cover each part; adding one costs O(1). */
function spread(startS: number, widthS: number) {
  // Whole parts go to a difference array, what is cut off at either end to the part itself.
  const steps = new Float64Array(PARTS + 1);
  const partial = new Float64Array(PARTS + 1);
  const add = (timeS: number, sign: number): void => {
    const at = Math.min(PARTS, Math.max(0, (timeS - startS) / widthS));
    const part = Math.floor(at);
    steps[part] = (steps[part] ?? 0) + sign;
    partial[part] = (partial[part] ?? 0) - sign * (at - part);
  };
  return {
    add(fromS: number, toS: number) {
      add(fromS, 1);
      add(toS, -1);
    },
    means(): number[] {
      let level = 0;
      return Array.from({ length: PARTS }, (_, part) => {
        level += steps[part] ?? 0;
        return Math.max(0, level + (partial[part] ?? 0));
      });
    },
  };
}
