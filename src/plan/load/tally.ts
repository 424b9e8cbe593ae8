import type { FailureCode, LoadOutcome } from './outcome.ts';
import { quantile, Values, type Quantiles } from './quantiles.ts';

/** Requests at most that are remembered one by one, to be compared with the ledger's records. */
export const MAX_REMEMBERED = 200_000;

/** Kinds of failure told apart; further ones are counted as `other`. */
const MAX_FAILURE_CODES = 64;

/** Latencies that the live p99 looks at. */
const RECENT = 1024;

/** What the ledger should hold of one request. */
export interface Remembered {
  ok: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Token sums over the requests that succeeded. */
export interface TokenTally {
  /** What the trace asked for. */
  askedIn: number;
  askedOut: number;
  /** What the replies' usage reported. */
  in: number;
  out: number;
  /** Requests whose reply had no usage; they are in neither sum of the line above. */
  withoutUsage: number;
}

/** Where the outcomes of a load run are added up. Memory: 24 bytes a request plus the remembered. */
export interface Tally {
  sent: number;
  succeeded: number;
  failed: number;
  /** Arrivals not sent, because too many were under way. */
  unsent: number;
  simulated: number;
  failures: Map<FailureCode, number>;
  tokens: TokenTally;
  /** By the gateway's request id; at most `MAX_REMEMBERED`. */
  remembered: Map<string, Remembered>;
  /** Requests that got a request id, remembered or not. */
  identified: number;
  add(outcome: LoadOutcome): void;
  /** p99 of E2E over the latest requests that succeeded; null before the first. */
  recentP99Ms(): number | null;
  latency(): { ttft: Quantiles; tpot: Quantiles; e2e: Quantiles; late: Quantiles };
}

/** An empty tally. Latency is that of the requests that succeeded. */
export function createTally(): Tally {
  const values = { ttft: new Values(), tpot: new Values(), e2e: new Values(), late: new Values() };
  const recent: number[] = [];
  let recentAt = 0;
  const tally: Tally = {
    sent: 0,
    succeeded: 0,
    failed: 0,
    unsent: 0,
    simulated: 0,
    failures: new Map(),
    tokens: { askedIn: 0, askedOut: 0, in: 0, out: 0, withoutUsage: 0 },
    remembered: new Map(),
    identified: 0,
    add(outcome) {
      values.late.add(outcome.lateMs);
      if (outcome.simulated) tally.simulated += 1;
      remember(tally, outcome);
      if (outcome.failure !== null) {
        tally.failed += 1;
        countFailure(tally.failures, outcome.failure);
        return;
      }
      tally.succeeded += 1;
      addTokens(tally.tokens, outcome);
      if (outcome.ttftMs !== null) values.ttft.add(outcome.ttftMs);
      if (outcome.tpotMs !== null) values.tpot.add(outcome.tpotMs);
      values.e2e.add(outcome.e2eMs);
      recent[recentAt] = outcome.e2eMs;
      recentAt = (recentAt + 1) % RECENT;
    },
    recentP99Ms: () =>
      quantile(
        recent.toSorted((a, b) => a - b),
        0.99,
      ),
    latency: () => ({
      ttft: values.ttft.quantiles(),
      tpot: values.tpot.quantiles(),
      e2e: values.e2e.quantiles(),
      late: values.late.quantiles(),
    }),
  };
  return tally;
}

function countFailure(failures: Map<FailureCode, number>, code: FailureCode): void {
  const known = failures.has(code) || failures.size < MAX_FAILURE_CODES ? code : 'other';
  failures.set(known, (failures.get(known) ?? 0) + 1);
}

function addTokens(tokens: TokenTally, outcome: LoadOutcome): void {
  tokens.askedIn += outcome.askedInputTokens;
  tokens.askedOut += outcome.askedOutputTokens;
  if (outcome.inputTokens === null || outcome.outputTokens === null) tokens.withoutUsage += 1;
  else {
    tokens.in += outcome.inputTokens;
    tokens.out += outcome.outputTokens;
  }
}

function remember(tally: Tally, outcome: LoadOutcome): void {
  if (outcome.requestId === null) return;
  tally.identified += 1;
  if (tally.remembered.size >= MAX_REMEMBERED) return;
  const { inputTokens, outputTokens } = outcome;
  tally.remembered.set(outcome.requestId, {
    ok: outcome.failure === null,
    inputTokens,
    outputTokens,
  });
}
