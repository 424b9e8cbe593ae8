import type { components } from '../api/generated/openapi.ts';

type Schemas = components['schemas'];

export type Trace = Schemas['Trace'];
export type TraceDetail = Schemas['TraceDetail'];
export type TraceEvent = Schemas['TraceEvent'];
export type TraceFound = Schemas['TraceFound'];
export type TraceRange = Schemas['TraceRange'];
export type TraceTimeline = NonNullable<TraceDetail['timeline']>;
export type Category = TraceDetail['categories'][number];
/** An event without what it is linked to, as lists have it. */
export type FoundEvent = TraceFound['events'][number];

/** A trace that is drawn, moved by `offsetUs` on the axis that all of them share. */
export interface OpenTrace {
  id: string;
  label: string;
  timeline: TraceTimeline;
  offsetUs: number;
}
