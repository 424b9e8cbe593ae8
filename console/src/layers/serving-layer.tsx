import { Link } from '@tanstack/react-router';
import { ENGINES } from '../resources/columns.ts';
import { ResourcePanel } from '../resources/resource-panel.tsx';
import { EnginesPanel } from './engines-panel.tsx';

/** What the engines do; latency and cost by service are on the overview. */
export function ServingLayer({ since }: { since: string }) {
  return (
    <>
      <p className="text-sm">
        Latency, cost and utilization of each service:{' '}
        <Link to="/" className="text-accent underline">
          the three answers
        </Link>
        .
      </p>
      <EnginesPanel since={since} />
      <ResourcePanel
        id="engine-metrics"
        title="What engines say of themselves"
        kind="engine"
        columns={ENGINES}
        since={since}
        map
        empty={
          <p>
            No engine&rsquo;s metrics page was read as a source. Name vLLM, SGLang or Triton under{' '}
            <code>sources:</code> of tailrace.yaml to see batches and caches over time.
          </p>
        }
      />
    </>
  );
}
