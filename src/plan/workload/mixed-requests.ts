import { createRandom, mixSeeds, type Random } from '../core/random.ts';
import type { ServingRequest } from '../serving/serving-request.ts';
import { KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { arrivalTimes, type ArrivalProcess } from './arrival-times.ts';

/** Token counts: lognormal with this mean and coefficient of variation, at least 1. */
export interface TokenDistribution {
  mean: number;
  variation: number;
}

/** Conversations: each turn repeats all that was said before. */
export interface SessionSettings {
  /** Mean turns, geometric, at least 1. */
  turns: number;
  /** Mean seconds from one turn to the next: the reply and the reader's pause. */
  betweenTurnsS: number;
  /** Tokens that all sessions of the service begin with. */
  systemTokens: number;
}

/** One kind of traffic of a mixture. */
export interface ServiceTraffic {
  /** Lower goes first where engines have priorities. */
  priority: number;
  /** Requests a second, or sessions where there are sessions. */
  ratePerS: number;
  arrivals: ArrivalProcess;
  inputTokens: TokenDistribution;
  outputTokens: TokenDistribution;
  sessions: SessionSettings | null;
  /** Longest prompt and reply together; a conversation ends before it. */
  maxTokens: number;
}

/**
 * Requests of a mixture of services over `durationS`, in order of time. Each service draws from a stream of its own, so that
 * changing one leaves the others as they are. Turns of a session carry ids of 16-token blocks that go on over the
 * reply, so that engines with a prefix cache find what was said before.
 */
export function mixedRequests(options: {
  services: readonly ServiceTraffic[];
  durationS: number;
  seed: number;
}): ServingRequest[] {
  const requests: ServingRequest[] = [];
  for (const [i, service] of options.services.entries()) {
    const random = createRandom(mixSeeds(options.seed, i + 1));
    let count = 0;
    for (const startS of arrivalTimes(service.arrivals, service.ratePerS, random)) {
      if (startS >= options.durationS) break;
      count += 1;
      if (service.sessions === null) requests.push(single(service, startS, random));
      else {
        const ids = { service: i + 1, session: count };
        requests.push(...turns(service, service.sessions, startS, ids, random));
      }
    }
  }
  return requests.sort((a, b) => a.arrivalS - b.arrivalS);
}

function single(service: ServiceTraffic, arrivalS: number, random: Random): ServingRequest {
  const { maxTokens, priority } = service;
  const promptTokens = Math.min(maxTokens - 1, draw(service.inputTokens, random));
  const outputTokens = Math.min(maxTokens - promptTokens, draw(service.outputTokens, random));
  return { arrivalS, promptTokens, outputTokens, priority };
}

function turns(
  service: ServiceTraffic,
  { turns: meanTurns, betweenTurnsS, systemTokens }: SessionSettings,
  startS: number,
  ids: { service: number; session: number },
  random: Random,
): ServingRequest[] {
  const made: ServingRequest[] = [];
  let arrivalS = startS;
  let saidTokens = systemTokens;
  do {
    const promptTokens = saidTokens + draw(service.inputTokens, random);
    const outputTokens = draw(service.outputTokens, random);
    if (promptTokens + outputTokens > service.maxTokens) break;
    saidTokens = promptTokens + outputTokens;
    made.push({
      arrivalS,
      promptTokens,
      outputTokens,
      priority: service.priority,
      blockIds: blockIds(ids, saidTokens, systemTokens),
      tokensPerBlockId: KV_BLOCK_TOKENS,
    });
    arrivalS += random.exponential(betweenTurnsS);
  } while (random.uniform() < 1 - 1 / meanTurns);
  return made;
}

/** Room for the blocks of a million tokens in every session. */
const IDS_PER_SESSION = 65_536;
const SESSIONS_PER_SERVICE = 2 ** 30;

function blockIds(
  { service, session }: { service: number; session: number },
  tokens: number,
  systemTokens: number,
): number[] {
  const shared = service * SESSIONS_PER_SERVICE;
  const own = shared + session;
  return Array.from({ length: Math.floor(tokens / KV_BLOCK_TOKENS) }, (_, i) => {
    const isShared = (i + 1) * KV_BLOCK_TOKENS <= systemTokens;
    return (isShared ? shared : own) * IDS_PER_SESSION + i;
  });
}

const draw = ({ mean, variation }: TokenDistribution, random: Random): number =>
  Math.max(1, Math.round(variation === 0 ? mean : random.lognormal(mean, variation)));
