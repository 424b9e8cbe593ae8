import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { GET_KEY } from '../api/get.ts';
import type { components } from '../api/generated/openapi.ts';
import { useApp } from '../app-context.ts';
import { formatCount, formatUsd } from '../format.ts';
import { Button, PrimaryButton } from '../ui/button.tsx';
import { InputField } from '../ui/field.tsx';
import { EMPTY_PROBE, probeBody, type ProbeFields } from './probe-body.ts';

type ProbeState = components['schemas']['VendorProbeState'];
type ProbePlan = NonNullable<ProbeState['plan']>;
type ProbeJob = NonNullable<ProbeState['job']>;

const TIMEOUT_MS = 20_000;
const POLL_MS = 1_000;

/** Probes a vendor's endpoint: first what would be sent is shown, then it is sent. */
export function ProbeForm({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const [fields, setFields] = useState(EMPTY_PROBE);
  const path = `vendors/${encodeURIComponent(vendor)}/probe`;
  const send = (confirm: boolean): Promise<ProbeState | null> => {
    const body = { ...probeBody(fields), confirm };
    return client.send<ProbeState>('POST', path, body, AbortSignal.timeout(TIMEOUT_MS));
  };
  const plan = useMutation({ mutationFn: () => send(false) });
  const start = useMutation({ mutationFn: () => send(true) });
  const set = (change: Partial<ProbeFields>): void => {
    setFields({ ...fields, ...change });
    // What was shown is of other settings.
    plan.reset();
  };
  const error = plan.error ?? start.error;
  return (
    <form
      aria-label={`Probe ${vendor}`}
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        plan.mutate();
      }}
    >
      <ProbeInputs fields={fields} set={set} />
      <div>
        <Button type="submit" disabled={plan.isPending}>
          Show what would be sent
        </Button>
      </div>
      {plan.data?.plan == null ? null : (
        <Planned
          plan={plan.data.plan}
          isPending={start.isPending}
          onSend={() => {
            start.mutate();
          }}
        />
      )}
      {error === null ? null : (
        <p role="alert" className="text-xs text-bad">
          {error.message}
        </p>
      )}
      {start.data == null ? null : <Progress key={start.data.job?.startedAtMs} vendor={vendor} />}
    </form>
  );
}

function ProbeInputs({
  fields,
  set,
}: {
  fields: ProbeFields;
  set: (change: Partial<ProbeFields>) => void;
}) {
  const field = (label: string, name: keyof ProbeFields, rest: object = {}) => (
    <InputField
      label={label}
      value={fields[name]}
      onInput={(value) => {
        set({ [name]: value });
      }}
      {...rest}
    />
  );
  const usd = { type: 'number', min: '0', step: 'any', placeholder: 'unknown' };
  return (
    <div className="grid grid-cols-2 gap-2">
      <div className="col-span-2">
        {field('Endpoint to probe', 'endpoint', {
          type: 'url',
          required: true,
          placeholder: 'https://api.example/v1',
          maxLength: 500,
        })}
      </div>
      {field('Model to ask', 'model', { required: true, maxLength: 200 })}
      {field('Key (sent, never kept)', 'key', {
        type: 'password',
        autoComplete: 'off',
        maxLength: 1000,
      })}
      {field('Requests at most', 'requests', { type: 'number', min: '40', max: '199', step: '1' })}
      {field('Requests a second', 'perSecond', {
        type: 'number',
        min: '0.1',
        max: '20',
        step: 'any',
      })}
      {field('$ a million tokens in', 'usdIn', usd)}
      {field('$ a million tokens out', 'usdOut', usd)}
      {field('$ to spend at most', 'maxUsd', usd)}
    </div>
  );
}

function Planned({
  plan,
  isPending,
  onSend,
}: {
  plan: ProbePlan;
  isPending: boolean;
  onSend: () => void;
}) {
  const cost = plan.maxUsd === null ? 'at a cost that is not known' : formatUsd(plan.maxUsd);
  return (
    <div className="flex flex-col gap-1 text-xs" role="status">
      <p data-testid="probe-plan" data-value={plan.requests}>
        {formatCount(plan.requests)} requests in about {formatCount(Math.ceil(plan.seconds))} s, at
        most {formatCount(plan.inputTokens)} tokens in and {formatCount(plan.outputTokens)} out,{' '}
        {cost}.
      </p>
      <div>
        <PrimaryButton type="button" disabled={isPending} onClick={onSend}>
          Send {formatCount(plan.requests)} requests
        </PrimaryButton>
      </div>
    </div>
  );
}

/** How far the probe is; what it found is in the comparison once it is done. */
function Progress({ vendor }: { vendor: string }) {
  const { client } = useApp();
  const queries = useQueryClient();
  const path = `vendors/${encodeURIComponent(vendor)}/probe`;
  const { data: job } = useQuery({
    queryKey: ['vendor-probe', vendor],
    queryFn: async ({ signal }): Promise<ProbeJob | null> => {
      const { job: found } = await client.get<ProbeState>(path, {}, signal);
      if (found?.state === 'done') {
        await queries.invalidateQueries({ queryKey: [GET_KEY, 'vendors/comparison'] });
      }
      return found;
    },
    // Another probe of the same vendor is asked for anew.
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
  });
  const cancel = useMutation({
    mutationFn: () => client.send('DELETE', path, undefined, AbortSignal.timeout(TIMEOUT_MS)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['vendor-probe', vendor] }),
  });
  if (job == null) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs" role="status">
      <span data-testid={`probe-state-${vendor}`} data-value={job.state}>
        Probe {job.state}: {formatCount(job.done)} of {formatCount(job.total)}
        {job.error === null ? '' : `, ${job.error}`}
      </span>
      {job.state === 'running' ? (
        <Button
          disabled={cancel.isPending}
          onClick={() => {
            cancel.mutate();
          }}
        >
          Stop the probe
        </Button>
      ) : null}
    </div>
  );
}
