/** From values of one axis to places along it: 0 at its start, 1 at its end. */
export interface Scale {
  place: (value: number) => number;
  /** Round values, at most about `most`, for the labels of the axis. */
  ticks: (most: number) => number[];
  lowest: number;
  highest: number;
}

/** A linear axis; an empty range is widened so that a single value stands in its middle. */
export function linearScale(lowest: number, highest: number): Scale {
  const [from, to] = lowest < highest ? [lowest, highest] : [lowest - 0.5, lowest + 0.5];
  return {
    lowest: from,
    highest: to,
    place: (value) => (value - from) / (to - from),
    ticks: (most) => {
      const step = roundStep((to - from) / Math.max(1, most));
      const first = Math.ceil(from / step - 1e-9);
      const last = Math.floor(to / step + 1e-9);
      return Array.from({ length: last - first + 1 }, (_, index) =>
        Number(((first + index) * step).toPrecision(12)),
      );
    },
  };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5, 10].find((one) => one * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A logarithmic axis over positive values; values at or below zero stand at its start. */
export function logScale(lowest: number, highest: number): Scale {
  const from = lowest > 0 ? lowest : 1e-9;
  const to = highest > from ? highest : from * 10;
  const span = Math.log(to / from);
  return {
    lowest: from,
    highest: to,
    place: (value) => (value <= from ? Math.min(0, value - from) : Math.log(value / from) / span),
    ticks: (most) => {
      const all = decades(from, to);
      const stride = Math.ceil(all.length / Math.max(1, most));
      return all.filter((_, index) => index % stride === 0);
    },
  };
}

function decades(from: number, to: number): number[] {
  const powers = Math.floor(Math.log10(to / from));
  const factors = powers >= 3 ? [1] : [1, 2, 5];
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))))
    .filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
}
