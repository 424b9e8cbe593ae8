import { KIND } from '../../records/kineto/event-kind.ts';
import { cell } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { kernelCategory, type KernelCategory } from './kernel-category.ts';

export interface KernelSummary {
  kernelCount: number;
  /** Sum of kernel times; more than wall time where streams overlap. */
  kernelMs: number;
  categories: Array<{ category: KernelCategory; count: number; totalMs: number; share: number }>;
  /** The kernels that took most, at most `TOP`. */
  top: TopKernel[];
}

interface TopKernel {
  name: string;
  category: KernelCategory;
  count: number;
  totalMs: number;
  meanUs: number;
  minUs: number;
  maxUs: number;
  share: number;
}

const TOP = 20;

export function kernelSummary({ events, names }: KinetoTrace, { rows }: DeviceWork): KernelSummary {
  const byName = new Map<number, TopKernel>();
  let totalUs = 0;
  let kernelCount = 0;
  for (const row of rows) {
    if (events.kind[row] !== KIND.kernel) continue;
    const id = cell(events.name, row);
    const us = cell(events.durationUs, row);
    const kernel = byName.get(id) ?? emptyKernel(names[id] ?? '');
    byName.set(id, kernel);
    kernel.count++;
    kernel.totalMs += us / 1000;
    kernel.minUs = Math.min(kernel.minUs, us);
    kernel.maxUs = Math.max(kernel.maxUs, us);
    totalUs += us;
    kernelCount++;
  }
  const kernels = [...byName.values()].sort((a, b) => b.totalMs - a.totalMs);
  for (const kernel of kernels) {
    kernel.meanUs = (1000 * kernel.totalMs) / kernel.count;
    kernel.share = totalUs === 0 ? 0 : (1000 * kernel.totalMs) / totalUs;
  }
  const groups = Map.groupBy(kernels, ({ category }) => category);
  const categories = [...groups].map(([category, list]) => {
    const totalMs = list.reduce((sum, kernel) => sum + kernel.totalMs, 0);
    const count = list.reduce((sum, kernel) => sum + kernel.count, 0);
    return { category, count, totalMs, share: totalUs === 0 ? 0 : (1000 * totalMs) / totalUs };
  });
  return {
    kernelCount,
    kernelMs: totalUs / 1000,
    categories: categories.sort((a, b) => b.totalMs - a.totalMs),
    top: kernels.slice(0, TOP),
  };
}

const emptyKernel = (name: string): TopKernel => ({
  name,
  category: kernelCategory(name),
  count: 0,
  totalMs: 0,
  meanUs: 0,
  minUs: Infinity,
  maxUs: 0,
  share: 0,
});
