import type { NetworkProbe, PeerReport } from '../measure/probes/network/probe-network.ts';
import { milliseconds, share } from './answer-units.ts';
import { renderProbe } from './render-probe.ts';

/** The page of `tailrace probe network`. */
export function renderNetworkProbe({ peers, incast, linkGbit }: NetworkProbe): string {
  const pages = peers.map((report) =>
    renderProbe({
      title: `network to ${report.peer}`,
      verdict: verdictOf(report),
      rows: [
        ['round trip idle', latency(report.idle)],
        ['round trip under load', latency(report.loaded)],
        ...report.byFlows.map((one, i): [string, string] => [
          i === 0 ? 'bandwidth by flows' : '',
          `${one.flows}: ${gbit(one.sendGbit)} out, ${gbit(one.receiveGbit)} in`,
        ]),
        [
          'of the link',
          linkGbit === null ? 'unknown: give --link-gbit' : share(report.shareOfLink, 1),
        ],
      ],
      notes: [
        "TCP of one process on each side: on fast links the processes are the limit, and under load part of the tail is the agent's own queue",
      ],
    }),
  );
  if (incast === null) return pages.join('\n');
  const page = renderProbe({
    title: `incast of ${incast.senders} senders`,
    verdict: `${gbit(incast.aggregateGbit)} arrive of ${gbit(incast.idealGbit)} ideal`,
    rows: [
      [
        'oversubscription',
        `${incast.oversubscription.toFixed(2)} to 1, what senders reach alone over together`,
      ],
      ['fairness', `${incast.fairness.toFixed(2)} (Jain; 1 is equal)`],
      ...incast.perPeerGbit.map((one): [string, string] => [one.peer, gbit(one.gbit)]),
    ],
    notes:
      linkGbit === null
        ? ['ideal is the sum of the senders alone; --link-gbit bounds it by this link']
        : [],
  });
  return [...pages, page].join('\n');
}

function verdictOf({
  bestSendGbit,
  bestReceiveGbit,
  tailInflation,
  shareOfLink,
}: PeerReport): string {
  const rate = `${gbit(bestSendGbit)} out, ${gbit(bestReceiveGbit)} in`;
  const link = shareOfLink === null ? '' : `, ${share(shareOfLink)} of the link`;
  return `${rate}${link}; under load p99 is ${tailInflation.toFixed(1)} times the idle one`;
}

const gbit = (value: number): string => `${Number(value.toPrecision(3))} Gbit/s`;

const latency = (one: PeerReport['idle']): string =>
  `p50 ${milliseconds(one.p50Ms)}, p99 ${milliseconds(one.p99Ms)}, p99.9 ${milliseconds(one.p999Ms)}, ` +
  `${one.count} round trips`;
