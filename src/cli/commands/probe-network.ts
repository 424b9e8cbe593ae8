import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { analyzeFiles } from '../../measure/analyze/analyze-files.ts';
import type { Analysis } from '../../measure/analyze/analyzer.ts';
import { ncclAnalyzer } from '../../measure/bench-files/nccl-analyzer.ts';
import { startAgent } from '../../measure/probes/network/agent.ts';
import type { Peer } from '../../measure/probes/network/ask-agent.ts';
import { probeNetwork } from '../../measure/probes/network/probe-network.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { finishProbe } from '../finish-probe.ts';
import { durationOption, positiveOption, usage } from '../load-options.ts';
import { textValue, textValues } from '../option-values.ts';
import { probeOptions } from '../probe-options.ts';
import { probeProgress } from '../probe-progress.ts';
import { renderAnalysis } from '../render-analysis.ts';
import { renderNetworkProbe } from '../render-network-probe.ts';

const MAX_PEERS = 64;
const MAX_FLOWS = 64;

/** `tailrace probe network`: what the network between machines carries, and what its tail does under load. */
export const probeNetworkCommand: Command = {
  name: 'probe network',
  summary: 'measure latency, bandwidth, incast and the tail under load between agents',
  usage: 'tailrace probe network --listen HOST:PORT | --to HOST:PORT... [options]',
  description: [
    'Start an agent with --listen on each machine, then measure from another one with --to. One agent:',
    'round trips idle and under load, bandwidth by flows in both directions. Two or more: incast as well',
    '(all send here at once), with fairness and oversubscription against what each reaches alone. With',
    '--link-gbit results are held against what the link should carry. An agent sends nothing unless',
    'asked by someone who knows its token, and stores nothing. TCP from one process: RDMA is not',
    'measured; give the log of nccl-tests for that (--nccl).',
    '',
    'Exit code: 0 done, 1 failed, 3 done and a regression against the last run.',
  ].join('\n'),
  examples: [
    'tailrace probe network --listen 0.0.0.0:7420 --token s3cret',
    'tailrace probe network --to 10.0.0.2:7420 --token s3cret --link-gbit 25',
    'tailrace probe network --to 10.0.0.2:7420 --to 10.0.0.3:7420 --token s3cret --json',
    'tailrace probe network --nccl all_reduce.log --reference h100-sxm',
  ],
  options: {
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      description:
        'be an agent there until interrupted (a host beyond loopback opens it to others)',
    },
    to: {
      type: 'string',
      value: 'HOST:PORT',
      multiple: true,
      description: 'an agent to measure with; several for incast',
    },
    token: {
      type: 'string',
      value: 'TEXT',
      description: 'what both sides must know (default $TAILRACE_PROBE_TOKEN; --listen draws one)',
    },
    flows: {
      type: 'string',
      value: '1,4,8',
      description: 'connections at once that are tried (default 1,2,4,8)',
    },
    duration: {
      type: 'string',
      short: 'd',
      value: '2s',
      description: 'of each part (default 2s, at most 60s)',
    },
    'link-gbit': {
      type: 'string',
      value: 'N',
      description: 'what the link of this machine should carry, Gbit/s in one direction',
    },
    nccl: {
      type: 'string',
      value: 'FILE',
      description: 'a log of nccl-tests to judge as well, or instead',
    },
    reference: {
      type: 'string',
      value: 'FILE|ID',
      description: 'with --nccl: a log, or an accelerator of the catalog, to flag slow rows by',
    },
    ...probeOptions,
  },
  positionalsMax: 0,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { values, env } = context;
  const listen = textValue(values, 'listen');
  const peers = textValues(values, 'to').map((text) => peerOf(text, 'to'));
  const nccl = textValue(values, 'nccl');
  const given = textValue(values, 'token') ?? env['TAILRACE_PROBE_TOKEN'] ?? '';
  if (listen !== undefined) {
    if (peers.length > 0 || nccl !== undefined) throw usage('listen', 'stands alone');
    return runAgent(context, peerOf(listen, 'listen'), given);
  }
  if (peers.length > MAX_PEERS) throw usage('to', `is given at most ${MAX_PEERS} times`);
  const log = nccl === undefined ? null : await analyzeLog(context, nccl);
  if (peers.length > 0) return runProbe(context, peers, given, log);
  if (log === null) {
    const message = 'probe network needs --listen, --to or --nccl; see tailrace help probe network';
    throw new TailraceError('TR_USAGE', message, { field: 'to' });
  }
  context.stdout.write(
    values['json'] === true ? `${JSON.stringify(log.json, null, 2)}\n` : renderAnalysis(log),
  );
  return EXIT.ok;
}

function peerOf(text: string, option: string): Peer {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? 0);
  if (host !== undefined && port <= 65_535 && (port > 0 || option === 'listen'))
    return { host, port };
  throw usage(option, `takes HOST:PORT such as 10.0.0.2:7420, not "${text}"`);
}

async function runAgent(
  { stdout, clock, signal }: CommandContext,
  { host, port }: Peer,
  given: string,
): Promise<number> {
  const token = given === '' ? randomBytes(9).toString('base64url') : given;
  const agent = await startAgent({
    host,
    port,
    token,
    clock,
    maxConnections: 2 * MAX_FLOWS,
    idleMs: 60_000,
  });
  stdout.write(`agent on ${host}:${agent.port}; ^C ends it. On the other machine:\n`);
  stdout.write(`  tailrace probe network --to ${host}:${agent.port} --token ${token}\n`);
  if (!signal.aborted) {
    await new Promise<void>((done) =>
      signal.addEventListener('abort', () => done(), { once: true }),
    );
  }
  await agent.close();
  return EXIT.ok;
}

async function runProbe(
  context: CommandContext,
  peers: readonly Peer[],
  token: string,
  log: Analysis | null,
): Promise<number> {
  const { values, clock, stderr } = context;
  const durationMs = Math.min(60_000, durationOption(values, 'duration', '2s'));
  const linkGbit = positiveOption(values, 'link-gbit', 100_000);
  const flowCounts = flowsOf(textValue(values, 'flows') ?? '1,2,4,8');
  const atMs = clock.wallMs();
  const probe = await probeNetwork({
    peers,
    token,
    durationMs,
    flowCounts,
    linkGbit,
    clock,
    onPart: probeProgress(context),
  });
  if (stderr.isTTY) stderr.write('\r\u001B[K');
  const metrics = Object.fromEntries(
    probe.peers.flatMap(({ peer, samples }) => [
      [`${peer} idle`, { unit: 'ms', better: 'lower' as const, values: samples.idleMs }],
      [`${peer} loaded`, { unit: 'ms', better: 'lower' as const, values: samples.loadedMs }],
    ]),
  );
  const reports = probe.peers.map(({ samples: _samples, ...report }) => report);
  return finishProbe(context, {
    kind: 'network',
    atMs,
    settings: {
      peers: textValues(values, 'to').join(' '),
      durationMs,
      flows: flowCounts.join(','),
      linkGbit,
    },
    metrics,
    report: { ...probe, peers: reports, nccl: log?.json ?? null },
    text: renderNetworkProbe(probe) + (log === null ? '' : `\n${renderAnalysis(log)}`),
  });
}

function flowsOf(text: string): number[] {
  const counts = text.split(',').map((part) => (/^\d{1,2}$/.test(part) ? Number(part) : 0));
  if (counts.length <= 8 && counts.every((one) => one >= 1 && one <= MAX_FLOWS)) return counts;
  throw usage('flows', `takes up to 8 counts from 1 to ${MAX_FLOWS} such as 1,4,8, not "${text}"`);
}

async function analyzeLog({ values, cwd }: CommandContext, name: string): Promise<Analysis> {
  const reference = textValue(values, 'reference');
  const result = await analyzeFiles(
    [{ name, path: resolve(cwd, name) }],
    [ncclAnalyzer],
    reference === undefined ? {} : { reference: resolve(cwd, reference) },
  );
  if (!result.ok) throw result.error;
  const [analysis] = result.value;
  if (analysis === undefined) throw new Error('one file gives one analysis');
  return analysis;
}
