import { confirm, isCancel } from '@clack/prompts';
import { planProbe } from '../../govern/vendors/probe/probe-plan.ts';
import { probeEndpoint } from '../../govern/vendors/probe/probe-endpoint.ts';
import {
  PROBE_BOUNDS,
  probeSettings,
  type ProbeSettings,
} from '../../govern/vendors/probe/probe-settings.ts';
import type { ProbeReport } from '../../govern/vendors/vendor-records.ts';
import { TailraceError } from '../../records/errors.ts';
import { EXIT, type Command, type CommandContext } from '../command.ts';
import { positiveOption, usage, wholeOption } from '../load-options.ts';
import { textValue } from '../option-values.ts';
import { planProgress } from '../plan-progress.ts';
import { renderProbe, renderProbePlan } from '../render-vendors.ts';
import { argument, fileOf, withVendors } from '../vendor-access.ts';

const { requests, perSecond, maxTokens } = PROBE_BOUNDS;
const MAX_USD = 1_000;

/** `tailrace vendor probe`: checks a vendor's endpoint against what was answered. */
export const vendorProbe: Command = {
  name: 'vendor probe',
  summary: "check a vendor's endpoint: TLS, latency, limits, pinning, errors, streams, usage",
  usage: 'tailrace vendor probe VENDOR --endpoint URL --model NAME [options]',
  description: [
    'Asks an OpenAI-compatible endpoint, one request at a time, and grades the answers of the vendor by what is found.',
    'Shows what it will send first, and sends it after a yes (or with --yes). The report is kept; the texts are not.',
    'The key is read from the environment variable that --key-env names, and is not kept either.',
    '',
    'Exit code: 0 nothing wrong, 1 it could not be measured, 3 something contradicts the format or itself.',
  ].join('\n'),
  examples: [
    'tailrace vendor probe acme --endpoint https://api.acme.example/v1 --model acme-large --key-env ACME_KEY',
    'tailrace vendor probe acme --endpoint http://127.0.0.1:8000/v1 --model llama-3.1-8b --requests 80 --yes --json',
    'tailrace vendor probe acme --endpoint https://api.acme.example/v1 --model acme-large --usd-in 1 --usd-out 3 --max-usd 0.5',
  ],
  options: {
    endpoint: {
      type: 'string',
      value: 'URL',
      description: 'base of the OpenAI dialect, ending in /v1',
    },
    model: { type: 'string', short: 'm', value: 'NAME', description: 'model to ask for' },
    'key-env': {
      type: 'string',
      value: 'NAME',
      description: 'environment variable that holds the key',
    },
    requests: {
      type: 'string',
      short: 'n',
      value: 'N',
      description: `requests in all (default ${requests.usual}, ${requests.least} to ${requests.most})`,
    },
    rate: {
      type: 'string',
      value: 'N',
      description: `requests a second (default ${perSecond.usual}, at most ${perSecond.most})`,
    },
    'max-tokens': {
      type: 'string',
      value: 'N',
      description: `tokens of a reply (default ${maxTokens.usual}, at most ${maxTokens.most})`,
    },
    'usd-in': { type: 'string', value: 'USD', description: 'price of a million tokens in' },
    'usd-out': { type: 'string', value: 'USD', description: 'price of a million tokens out' },
    'max-usd': {
      type: 'string',
      value: 'USD',
      description: 'stop before this is passed; needs the prices',
    },
    yes: { type: 'boolean', short: 'y', description: 'send without asking' },
    json: { type: 'boolean', description: 'print the report as JSON' },
  },
  positionalsMax: 1,
  run,
};

const EXIT_CONTRADICTED = 3;

async function run(context: CommandContext): Promise<number> {
  const { values, stdout, stderr } = context;
  const id = argument(context, 0, 'VENDOR', 'vendor probe');
  const settings = settingsOf(context);
  const report = await withVendors(context, async (store) => {
    const { probes } = await fileOf(store, id);
    stderr.write(renderProbePlan(planProbe(settings), settings));
    await askFirst(context);
    const made = await send(context, settings, probes.at(-1) ?? null);
    if (made.stopped !== 'stopped by hand') await store.addProbe(id, made);
    return made;
  });
  stdout.write(
    values['json'] === true ? `${JSON.stringify(report, null, 2)}\n` : renderProbe(report),
  );
  if (report.checks.some(({ verdict }) => verdict === 'fail')) return EXIT_CONTRADICTED;
  return report.stopped === null ? EXIT.ok : EXIT.failed;
}

async function send(
  context: CommandContext,
  settings: ProbeSettings,
  baseline: ProbeReport | null,
): Promise<ProbeReport> {
  const { clock, signal } = context;
  const progress = planProgress(context);
  try {
    const onProgress = (done: number, total: number): void =>
      progress.show(done, total, 'requests');
    return await probeEndpoint({ settings, clock, signal, baseline, onProgress });
  } finally {
    progress.close();
  }
}

/** A yes in the terminal, or --yes. */
async function askFirst({ values, stderr }: CommandContext): Promise<void> {
  if (values['yes'] === true) return;
  if (stderr.isTTY && process.stdin.isTTY) {
    const answer = await confirm({ message: 'Send it?', output: process.stderr });
    if (!isCancel(answer) && answer) return;
  }
  throw new TailraceError('TR_PROBE_UNCONFIRMED', 'nothing was sent; give --yes to send it', {
    field: 'yes',
  });
}

function settingsOf({ values, env }: CommandContext): ProbeSettings {
  const endpoint = textValue(values, 'endpoint');
  const model = textValue(values, 'model');
  if (endpoint === undefined) throw usage('endpoint', 'is needed, as https://api.example/v1');
  if (model === undefined) throw usage('model', 'is needed: the name to ask for');
  const keyEnv = textValue(values, 'key-env');
  const key = keyEnv === undefined ? null : (env[keyEnv] ?? null);
  if (keyEnv !== undefined && key === null) throw usage('key-env', `$${keyEnv} is not set`);
  const usdIn = positiveOption(values, 'usd-in', MAX_USD);
  const usdOut = positiveOption(values, 'usd-out', MAX_USD);
  const settings = probeSettings({
    endpoint,
    model,
    key,
    requests: wholeOption(values, 'requests', requests.usual, requests.most),
    perSecond: positiveOption(values, 'rate', perSecond.most) ?? perSecond.usual,
    maxTokens: wholeOption(values, 'max-tokens', maxTokens.usual, maxTokens.most),
    prices:
      usdIn === null || usdOut === null
        ? null
        : { usdPerMillionInput: usdIn, usdPerMillionOutput: usdOut },
    maxUsd: positiveOption(values, 'max-usd', MAX_USD),
  });
  if (!settings.ok) throw settings.error;
  return settings.value;
}
