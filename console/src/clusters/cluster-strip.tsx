import { TimeAxis } from '../charts/time-axis.tsx';
import { formatShare } from '../format.ts';
import { CARD_STATES, type Cluster, STATE_ORDER, stripColumns } from './cluster-shapes.ts';

const HEIGHT = 96;

/** What the cards did over the window: a stack of states for each step, open where nobody looked. */
export function ClusterStrip({ cluster }: { cluster: Cluster }) {
  const columns = stripColumns(cluster.steps);
  const [first] = cluster.steps;
  const last = cluster.steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const seen = STATE_ORDER.filter((state) => cluster.steps.some(({ cards }) => cards[state]));
  const known = columns.filter(({ parts }) => parts !== null).length / columns.length;
  return (
    <figure className="m-0">
      <svg
        role="img"
        aria-label={`States of the cards of ${cluster.name} over the window, ${formatShare(known)} of it known`}
        data-testid="cluster-strip"
        viewBox={`0 0 ${columns.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-24 w-full rounded-sm bg-sunken"
        shapeRendering="crispEdges"
      >
        {columns.flatMap(({ fromMs, parts }, i) =>
          (parts ?? []).map(({ state, fromShare, toShare }) => (
            <rect
              key={`${fromMs} ${state}`}
              x={i}
              width={1}
              y={HEIGHT * (1 - toShare)}
              height={HEIGHT * (toShare - fromShare)}
              fill={CARD_STATES[state].colour}
            />
          )),
        )}
      </svg>
      <TimeAxis fromMs={first.fromMs} toMs={last.toMs} labels={4} />
      <figcaption className="flex flex-wrap gap-x-3 gap-y-0.5 pt-1 text-2xs text-ink-2">
        {seen.map((state) => (
          <span key={state} className="inline-flex items-center gap-1">
            <span
              aria-hidden="true"
              className="size-2.5 rounded-sm border border-line"
              style={{ background: CARD_STATES[state].colour }}
            />
            {CARD_STATES[state].label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
