import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../api/generated/openapi.ts';
import { servicesQuery } from '../api/queries.ts';
import { useApp } from '../app-context.ts';
import { formatCount, formatMean, formatUsd } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { PrimaryButton } from '../ui/button.tsx';
import { InputField, SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import { Value } from '../ui/value.tsx';
import { quoteBody } from './quote-plan.ts';

type Quotes = components['schemas']['VendorQuoteComparison'];
type Offer = Quotes['offers'][number];

/** Simulating each offer takes seconds; the API bounds it. */
const TIMEOUT_MS = 180_000;

/** Quotes at the same traffic and targets: cost of a million tokens, does the power fit, by when. */
export function QuotePanel() {
  const { client } = useApp();
  const { data: services } = useQuery(servicesQuery(client));
  const names = services?.services.map((one) => one.name) ?? [];
  const [chosen, setService] = useState<string | null>(null);
  const [factor, setFactor] = useState('1');
  const [siteKw, setSiteKw] = useState('');
  const [neededBy, setNeededBy] = useState('');
  const service = chosen ?? names[0] ?? '';
  const compare = useMutation({
    mutationFn: async () => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const { plan, missing } = await client.servicePlan({ service, since: '7d' }, signal);
      if (plan === null) throw new Error(`${service} cannot be planned: ${missing.join('; ')}`);
      const kw = siteKw === '' ? null : Number(siteKw);
      const body = quoteBody(plan, { factor: Number(factor), siteKw: kw, neededBy });
      return client.send<Quotes>('POST', 'vendors/quotes', body, signal);
    },
  });
  return (
    <Panel id="vendor-quotes" level={2} title="Quotes at the same traffic and targets">
      <form
        data-screen-only
        className="grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap"
        onSubmit={(event) => {
          event.preventDefault();
          compare.mutate();
        }}
      >
        <SelectField
          label="Traffic and targets of"
          value={service}
          options={names.map((name) => ({ value: name, label: name }))}
          onChange={setService}
        />
        <InputField
          label="Times today's traffic"
          type="number"
          min="0.01"
          max="10000"
          step="any"
          required
          value={factor}
          onInput={setFactor}
        />
        <InputField
          label="Our site carries, kW"
          type="number"
          min="0.1"
          step="any"
          placeholder="unknown"
          value={siteKw}
          onInput={setSiteKw}
        />
        <InputField label="Needed by" type="date" value={neededBy} onInput={setNeededBy} />
        <PrimaryButton type="submit" disabled={compare.isPending || service === ''}>
          {compare.isPending ? 'Simulating…' : 'Compare quotes'}
        </PrimaryButton>
      </form>
      {compare.error === null ? null : (
        <p role="alert" className="text-sm text-bad">
          {compare.error.message}
        </p>
      )}
      {compare.data == null ? null : <Result quotes={compare.data} />}
    </Panel>
  );
}

function Result({ quotes }: { quotes: Quotes }) {
  if (quotes.offers.length === 0) {
    return (
      <p className="text-sm text-ink-2">
        Nobody gave a quote yet. <code className="font-mono text-xs">tailrace vendor quote</code>{' '}
        keeps one.
      </p>
    );
  }
  return (
    <>
      <ul className="list-disc ps-4 text-sm">
        {quotes.findings.map((one) => (
          <li key={one} data-testid="quote-finding">
            {one}
          </li>
        ))}
      </ul>
      <ScrollTable label="Quotes side by side">
        <thead>
          <tr>
            <HeadCell>Quote</HeadCell>
            <HeadCell numeric>Accelerators</HeadCell>
            <HeadCell numeric>An hour</HeadCell>
            <HeadCell numeric>Million tokens</HeadCell>
            <HeadCell>Power</HeadCell>
            <HeadCell>Ready</HeadCell>
            <HeadCell numeric>Weeks late</HeadCell>
            <HeadCell numeric>First year</HeadCell>
          </tr>
        </thead>
        <tbody>
          {quotes.offers.map((offer, index) => (
            <OfferRow key={offer.vendor} offer={offer} isBest={quotes.best === index} />
          ))}
        </tbody>
      </ScrollTable>
    </>
  );
}

function OfferRow({ offer, isBest }: { offer: Offer; isBest: boolean }) {
  return (
    <tr data-testid="offer" data-value={offer.vendor}>
      <RowHead className="min-w-40">
        {offer.name} {isBest ? <Badge tone="good">best</Badge> : null}{' '}
        {offer.isExpired ? <Badge tone="warn">expired</Badge> : null}
        {offer.problem === null ? null : (
          <span className="block font-normal text-bad">{offer.problem}</span>
        )}
      </RowHead>
      <Cell numeric>
        {formatCount(offer.accelerators)} {offer.accelerator}
        {offer.neededAccelerators === null
          ? ''
          : `, ${formatCount(offer.neededAccelerators)} needed`}
      </Cell>
      <Cell numeric>{formatUsd(offer.usdPerHour)}</Cell>
      <Cell numeric>
        <Value value={offer.usdPerMillionTokens} format={formatUsd} />
      </Cell>
      <Cell className="whitespace-nowrap">
        <PowerFit power={offer.power} />
      </Cell>
      <Cell className="whitespace-nowrap">
        {offer.ready === null ? 'unknown' : `${offer.ready.earliest} to ${offer.ready.latest}`}
      </Cell>
      <Cell numeric>
        <Value value={offer.laterWeeks} format={formatMean} />
      </Cell>
      <Cell numeric>
        <Value value={offer.firstYearUsd} format={formatUsd} />
      </Cell>
    </tr>
  );
}

function PowerFit({ power }: { power: Offer['power'] }) {
  if (power.fits === null) return <Badge tone="warn">unknown</Badge>;
  if (power.fits) return <Badge tone="good">fits</Badge>;
  return (
    <>
      <Badge tone="bad">does not fit</Badge> {formatMean(power.overKw)}
      {'\u00a0'}kW over
    </>
  );
}
