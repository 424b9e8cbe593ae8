/** A classic Prometheus histogram: counts per upper bound, sum and count. */
export interface Histogram {
  observe(value: number): void;
  /** Exposition lines, without type and help. */
  lines(name: string, labels: string): string;
}

export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = Array.from({ length: bounds.length }, () => 0);
  let sum = 0;
  let count = 0;
  return {
    observe(value) {
      sum += value;
      count += 1;
      const at = bounds.findIndex((bound) => value <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    lines(name, labels) {
      let below = 0;
      let text = '';
      for (const [i, bound] of bounds.entries()) {
        below += counts[i] ?? 0;
        text += `${name}_bucket{${labels},le="${bound}"} ${below}\n`;
      }
      text += `${name}_bucket{${labels},le="+Inf"} ${count}\n`;
      return `${text}${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`;
    },
  };
}
