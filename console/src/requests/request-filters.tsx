import { useQuery } from '@tanstack/react-query';
import { servicesQuery } from '../api/queries.ts';
import { useApp } from '../app-context.ts';
import { OUTCOMES, type RequestsSearch } from '../search.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { OUTCOME_WORDS } from '../words.ts';
import type { SearchChange } from './requests-page.tsx';

interface RequestFiltersProps {
  search: RequestsSearch;
  onChange: (change: SearchChange) => void;
}

const ANY = { value: '', label: 'any' };
const named = (value: string) => ({ value, label: value });
const orNone = (value: string): string | undefined => (value === '' ? undefined : value);

/** What the list is cut by; names that the configuration knows are offered to choose from. */
export function RequestFilters({ search, onChange }: RequestFiltersProps) {
  const { client } = useApp();
  const services = useQuery(servicesQuery(client)).data?.services ?? [];
  const engines = [...new Set(services.flatMap((one) => one.engines.map((e) => e.engine)))];
  const text = (field: 'model' | 'tenant' | 'feature', label: string) => (
    <TextField
      label={label}
      placeholder="any"
      maxLength={256}
      value={search[field] ?? ''}
      onCommit={(value) => {
        onChange({ [field]: orNone(value) });
      }}
    />
  );
  return (
    <form
      data-screen-only
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
      className="grid grid-cols-2 items-end gap-2 sm:grid-cols-4 lg:grid-cols-8"
    >
      <SelectField
        label="Service"
        value={search.service ?? ''}
        options={[
          ANY,
          ...withValue(
            services.map((one) => one.name),
            search.service,
          ).map(named),
        ]}
        onChange={(value) => {
          onChange({ service: orNone(value) });
        }}
      />
      <SelectField
        label="Engine"
        value={search.engine ?? ''}
        options={[ANY, ...withValue(engines, search.engine).map(named)]}
        onChange={(value) => {
          onChange({ engine: orNone(value) });
        }}
      />
      {text('model', 'Model served')}
      {text('tenant', 'Tenant')}
      {text('feature', 'Feature')}
      <SelectField
        label="Outcome"
        value={search.outcome ?? ''}
        options={[ANY, ...OUTCOMES.map((value) => ({ value, label: OUTCOME_WORDS[value].label }))]}
        onChange={(value) => {
          onChange({ outcome: OUTCOMES.find((one) => one === value) });
        }}
      />
      <TextField
        label="At least this slow, ms"
        type="number"
        min={0}
        max={86_400_000}
        placeholder="any"
        value={search.minE2eMs === undefined ? '' : String(search.minE2eMs)}
        onCommit={(value) => {
          const ms = Number(value);
          onChange({ minE2eMs: value !== '' && ms > 0 ? ms : undefined });
        }}
      />
      <Button
        className="justify-center"
        disabled={Object.keys(cleared).every((field) => Reflect.get(search, field) === undefined)}
        onClick={() => {
          onChange(cleared);
        }}
      >
        Clear filters
      </Button>
    </form>
  );
}

const cleared: SearchChange = {
  service: undefined,
  engine: undefined,
  model: undefined,
  tenant: undefined,
  feature: undefined,
  outcome: undefined,
  minE2eMs: undefined,
  fromMs: undefined,
  toMs: undefined,
};

/** The address may name what the configuration no longer has; it is offered all the same. */
const withValue = (known: readonly string[], value: string | undefined): string[] =>
  value === undefined || known.includes(value) ? [...known] : [...known, value];
