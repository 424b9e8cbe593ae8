import { Link } from '@tanstack/react-router';
import { formatShare } from '../format.ts';
import { findLayer } from '../layers.ts';
import { Badge } from '../ui/badge.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Panel } from '../ui/panel.tsx';
import { ConditionItem } from './condition-item.tsx';
import { LEVELS, type Category } from './score-shapes.ts';

interface CategoryListProps {
  categories: readonly Category[];
  /** Id of the category that is open at first. */
  open: string | null;
}

/** Eight categories; their conditions, and the evidence of each, are a click away. */
export function CategoryList({ categories, open }: CategoryListProps) {
  return (
    <Panel id="score-categories" level={2} title="Categories">
      <div>
        {categories.map((category) => (
          <Disclosure
            key={category.id}
            testId="category"
            value={category.id}
            open={category.id === open}
            summary={<Summary category={category} />}
          >
            <Details category={category} />
          </Disclosure>
        ))}
      </div>
    </Panel>
  );
}

function Summary({ category }: { category: Category }) {
  const level = LEVELS[category.proven];
  const met = category.conditions.filter((one) => one.state === 'met').length;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="min-w-48 flex-1 text-sm font-medium">
        {category.number}. {category.name}
      </span>
      <span className="text-xs text-ink-3">
        {met} of {category.conditions.length} conditions met
        {category.spendShare === null ? '' : `, ${formatShare(category.spendShare)} of spend`}
      </span>
      {category.claimed > category.proven ? (
        <span className="text-xs text-warn">claimed {category.claimed}</span>
      ) : null}
      {category.simulated > category.proven ? (
        <Badge tone="sim">simulated {category.simulated}</Badge>
      ) : null}
      <span data-testid={`level-${category.id}`} data-value={category.proven}>
        <Badge tone={level.tone}>{level.label}</Badge>
      </span>
    </span>
  );
}

function Details({ category }: { category: Category }) {
  return (
    <>
      <p className="text-xs text-ink-2">
        <span className="text-ink-3">At 0:</span> {category.zero}
      </p>
      <LayerLinks layers={category.layers} />
      {([1, 2] as const).map((level) => (
        <section key={level} aria-label={`Level ${level} of ${category.name}`}>
          <h3 className="text-xs font-semibold text-ink-2">Level {LEVELS[level].label}</h3>
          <div>
            {category.conditions
              .filter((one) => one.level === level)
              .map((one) => (
                <ConditionItem key={one.id} condition={one} />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}

function LayerLinks({ layers }: { layers: readonly string[] }) {
  const known = layers.flatMap((id) => findLayer(id) ?? []);
  if (known.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-3 text-xs">
      <span className="text-ink-3">Reads</span>
      {known.map((layer) => (
        <Link
          key={layer.id}
          to="/layers/$layer"
          params={{ layer: layer.id }}
          className="text-accent underline"
        >
          {layer.label}
        </Link>
      ))}
    </p>
  );
}
