import { z } from '@hono/zod-openapi';
import { CATEGORIES } from '../measure/timeline/category.ts';
import { MAX_LEVEL } from '../measure/timeline/timeline-tile.ts';
import { traceEntry } from '../measure/timeline/trace-entry.ts';

const us = z.number();

export const traceView = traceEntry.meta({ id: 'Trace' });

export const traceList = z.strictObject({ traces: traceView.array() }).meta({ id: 'TraceList' });

const track = z.object({
  kind: z.enum(['host', 'device', 'annotations']),
  thread: z.string().describe('`process/thread`, or device and stream as the file has them.'),
  device: z.number().nullable(),
  stream: z.number().nullable(),
  events: z.number(),
  hidden: z.number().describe('Events nested deeper than is drawn.'),
});

/** What one trace says of itself once it is read. */
export const traceDetail = z
  .object({
    trace: traceView,
    categories: z.enum(CATEGORIES).array().describe('A category’s number is its place here.'),
    timeline: z
      .object({
        originUs: us.describe(
          'Start of the first event on the profiler’s clock; times count from it.',
        ),
        baseUs: us.describe('What that clock counts from; 0 where the trace does not say.'),
        spanUs: us,
        shownEvents: z.number(),
        names: z.string().array().describe('By name id; labels, cut short.'),
        tracks: track.array(),
        lanes: z.object({ track: z.number(), depth: z.number() }).array(),
        steps: z.object({ name: z.string(), startUs: us, durationUs: us }).array(),
      })
      .nullable()
      .describe('Null until it is read.'),
    analysis: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('As `tailrace analyze --json` prints it, with its `views`.'),
  })
  .meta({ id: 'TraceDetail' });

const timelineEvent = z.object({
  row: z.number(),
  name: z.string(),
  category: z.number(),
  track: z.number(),
  depth: z.number(),
  startUs: us,
  durationUs: us,
});

export const traceEvent = timelineEvent
  .extend({
    correlation: z.number().nullable(),
    linked: timelineEvent.array().describe('The launch of work, or the work of a launch.'),
  })
  .meta({ id: 'TraceEvent' });

export const traceFound = z
  .object({ total: z.number(), totalUs: us, events: timelineEvent.array() })
  .meta({ id: 'TraceFound' });

export const traceRange = z
  .object({
    fromUs: us,
    toUs: us,
    spanUs: us,
    computeUs: us,
    communicationUs: us,
    exposedCommunicationUs: us.describe('Not covered by computation.'),
    copiesUs: us,
    exposedCopiesUs: us.describe('Covered neither by computation nor by communication.'),
    idleUs: us,
    idleCauses: z.object({
      dataLoadingUs: us,
      runtimeCallsUs: us,
      hostOperatorsUs: us,
      unexplainedUs: us,
    }),
    top: z
      .object({ name: z.string(), category: z.number(), busyUs: us, events: z.number() })
      .array(),
    tracksUs: us.array().describe('Busy time by track.'),
  })
  .meta({ id: 'TraceRange' });

export const traceParams = z.strictObject({ id: z.string().regex(/^[0-9a-f-]{36}$/) });

export const tileQuery = z.strictObject({
  level: z.coerce.number().int().min(0).max(MAX_LEVEL),
  tile: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** MAX_LEVEL),
});

const time = z.coerce.number().min(0).max(1e15);
export const rangeQuery = z
  .strictObject({ fromUs: time, toUs: time })
  .refine(({ fromUs, toUs }) => fromUs < toUs, { path: ['toUs'], message: 'must be after fromUs' });

export const findQuery = z.strictObject({
  text: z.string().min(1).max(256),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
