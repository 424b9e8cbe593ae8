import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { getQuery } from '../api/get.ts';
import { useApp } from '../app-context.ts';
import type { LayerId } from '../layers.ts';
import { ConditionItem } from '../scorecard/condition-item.tsx';
import { LEVELS, type Category } from '../scorecard/score-shapes.ts';
import { Failure } from '../shell/failure.tsx';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';

/** What the scorecard asks of this layer, with the evidence. */
export function LayerConditions({ layer }: { layer: LayerId }) {
  const { client } = useApp();
  const { data, error } = useQuery(getQuery(client, 'score', {}));
  const categories = data?.categories.filter((one) => one.layers.includes(layer)) ?? [];
  return (
    <Panel
      id="layer-conditions"
      level={2}
      title="What the scorecard asks here"
      aside={
        <Link to="/roadmap" className="text-xs text-accent underline">
          Roadmap
        </Link>
      }
    >
      <Failure what="the scorecard" error={error} shownSinceMs={null} />
      {categories.map((category) => (
        <CategoryBlock key={category.id} category={category} />
      ))}
    </Panel>
  );
}

function CategoryBlock({ category }: { category: Category }) {
  const level = LEVELS[category.proven];
  return (
    <section aria-label={category.name} data-testid="layer-category" data-value={category.id}>
      <h3 className="flex flex-wrap items-center gap-2 text-sm font-medium">
        <Link to="/scorecard" search={{ category: category.id }} className="hover:underline">
          {category.name}
        </Link>
        <Badge tone={level.tone}>{level.label}</Badge>
      </h3>
      {category.conditions.map((one) => (
        <ConditionItem key={one.id} condition={one} />
      ))}
    </section>
  );
}
