import { KIND } from '../../records/kineto/event-kind.ts';
import { isCommunication } from '../trace/kernel-category.ts';
import { isDataLoad } from '../trace/tb-plugin-roles.ts';

/**
 * What an event is to a reader of the timeline; its place is its number in files and tiles, so new
 * ones go last. The first three keep a device busy and are those of the breakdown.
 */
export const CATEGORIES = [
  'compute',
  'communication',
  'copies',
  'dataLoading',
  'runtimeCalls',
  'hostOperators',
  'annotations',
  'steps',
  'deviceAnnotations',
  'sync',
  'other',
] as const;

export type Category = (typeof CATEGORIES)[number];

/** Number of a category. */
export const CATEGORY: Readonly<Record<Category, number>> = {
  compute: 0,
  communication: 1,
  copies: 2,
  dataLoading: 3,
  runtimeCalls: 4,
  hostOperators: 5,
  annotations: 6,
  steps: 7,
  deviceAnnotations: 8,
  sync: 9,
  other: 10,
};

/** Kernels, copies and fills. */
export const keepsDeviceBusy = (category: number): boolean => category <= CATEGORY.copies;

/** Category of events of a name by their kind; asked once a name, since it tries patterns. */
export function categoryOf(kind: number, name: string): number {
  if (kind === KIND.kernel)
    return isCommunication(name) ? CATEGORY.communication : CATEGORY.compute;
  if (kind === KIND.memcpy || kind === KIND.memset) return CATEGORY.copies;
  if (kind === KIND.runtime || kind === KIND.driver) return CATEGORY.runtimeCalls;
  if (kind === KIND.deviceAnnotation) return CATEGORY.deviceAnnotations;
  if (kind === KIND.sync) return CATEGORY.sync;
  if (kind !== KIND.operator && kind !== KIND.annotation) return CATEGORY.other;
  if (isDataLoad(name)) return CATEGORY.dataLoading;
  if (name.startsWith('ProfilerStep#')) return CATEGORY.steps;
  return kind === KIND.annotation ? CATEGORY.annotations : CATEGORY.hostOperators;
}
