import type { ReactNode } from 'react';
import type { RequestRecord } from '../api/types.ts';
import {
  formatCount,
  formatDateTime,
  formatMean,
  formatMs,
  formatUsd,
  formatWh,
} from '../format.ts';
import { Panel } from '../ui/panel.tsx';
import { BasisTag, Value } from '../ui/value.tsx';

/** Every field of a record, in groups; figures with where they come from. */
export function RecordFields({ record }: { record: RequestRecord }) {
  return (
    <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-4">
      <Identity record={record} />
      <Latency latency={record.latency} />
      <Tokens record={record} />
      <Money record={record} />
    </div>
  );
}

function Identity({ record }: { record: RequestRecord }) {
  return (
    <Group id="fields-identity" title="What was asked">
      <Name label="Service" value={record.service} />
      <Name label="Route" value={record.route} />
      <Name label="Engine" value={record.engine} />
      <Name label="Model asked" value={record.modelAsked} />
      <Name label="Model served" value={record.modelServed} />
      <Name label="Tenant" value={record.tenant} />
      <Name label="Feature" value={record.feature} />
      <Name label="Key" value={record.keyId} />
      <Name label="Prompt version" value={record.promptVersion} />
      <Name label="Dialect in" value={record.dialectIn} />
      <Name label="Dialect out" value={record.dialectOut} />
      <Name label="Stream" value={record.stream ? 'yes' : 'no'} />
      <Name label="Cache" value={record.cache} />
      <Name label="Started" value={formatDateTime(record.startedAtMs)} />
      <Name label="Ended" value={formatDateTime(record.endedAtMs)} />
      <Name label="Record version" value={String(record.v)} />
    </Group>
  );
}

function Latency({ latency }: { latency: RequestRecord['latency'] }) {
  const rows: Array<[string, number | null]> = [
    ['End to end', latency.e2eMs],
    ['Queue in the gateway', latency.queueMs],
    ['Gateway', latency.gatewayMs],
    ['Failed attempts', latency.retryMs],
    ['First token (TTFT)', latency.ttftMs],
    ['Per token, mean (TPOT)', latency.tpotMeanMs],
    ['Per token, longest', latency.tpotMaxMs],
    ['Engine: queue', latency.engineQueueMs],
    ['Engine: prefill', latency.prefillMs],
    ['Engine: decode', latency.decodeMs],
  ];
  return (
    <Group
      id="fields-latency"
      title="Latency"
      note="Measured on the gateway's clock; the engine's own split is its report."
    >
      {rows.map(([label, valueMs]) => (
        <Field key={label} label={label}>
          <Value value={valueMs} format={formatMs} />
        </Field>
      ))}
    </Group>
  );
}

const USAGE_SOURCES: Record<RequestRecord['usageSource'], string> = {
  engine: 'Reported by the engine.',
  estimated: 'Estimated: counted here, since the engine did not say.',
  unknown: 'Unknown: the engine did not say and they could not be counted.',
};

function Tokens({ record }: { record: RequestRecord }) {
  const { tokens } = record;
  const rows: Array<[string, number | null]> = [
    ['In, whole prompt', tokens.in],
    ['In, read from cache', tokens.cachedIn],
    ['In, written to cache', tokens.cacheWrite],
    ['Out', tokens.out],
    ['Out, reasoning', tokens.reasoning],
  ];
  return (
    <Group id="fields-tokens" title="Tokens" note={USAGE_SOURCES[record.usageSource]}>
      {rows.map(([label, count]) => (
        <Field key={label} label={label}>
          <Value value={count} format={formatCount} />
        </Field>
      ))}
    </Group>
  );
}

function Money({ record }: { record: RequestRecord }) {
  const { cost, energy } = record;
  return (
    <Group
      id="fields-money"
      title="Cost and energy"
      note="Of this request's own work, without idle time."
    >
      <Name label="Cost basis" value={cost.kind} />
      <Field label="Usage cost" basis={<BasisTag basis={cost.basis} />}>
        <Value value={cost.usageUsd} format={formatUsd} />
      </Field>
      <Field label="Accelerator seconds" basis={<BasisTag basis={cost.basis} />}>
        <Value value={cost.acceleratorSeconds} format={formatMean} />
      </Field>
      <Field label="Energy" basis={<BasisTag basis={energy.basis} />}>
        <Value value={energy.energyWh} format={formatWh} />
      </Field>
    </Group>
  );
}

interface GroupProps {
  id: string;
  title: string;
  note?: string;
  children: ReactNode;
}

function Group({ id, title, note, children }: GroupProps) {
  return (
    <Panel level={2} id={id} title={title}>
      <dl className="flex flex-col text-xs">{children}</dl>
      {note === undefined ? null : <p className="mt-auto text-2xs text-ink-3">{note}</p>}
    </Panel>
  );
}

interface FieldProps {
  label: string;
  basis?: ReactNode;
  children: ReactNode;
}

function Field({ label, basis, children }: FieldProps) {
  return (
    <div className="flex items-baseline gap-3 border-t border-line py-1 first:border-t-0">
      <dt className="text-ink-3">{label}</dt>
      <dd className="ms-auto min-w-0 text-end font-medium break-all">{children}</dd>
      {basis === undefined ? null : <dd>{basis}</dd>}
    </div>
  );
}

/** A name or a word; null means that the record has none. */
function Name({ label, value }: { label: string; value: string | null }) {
  return (
    <Field label={label}>{value ?? <span className="font-normal text-ink-3">none</span>}</Field>
  );
}
