/**
 * Evidence, scorecard and roadmap together, over one database. It must not decide anything that the rooms below do
 * not: it reads, asks them, and keeps what they say. One run of the collectors at a time; a score is at most
 * `FRESH_MS` older than its evidence. A run reads rollups, hundreds of milliseconds over 30 days.
 */
import { TailraceError } from '../records/errors.ts';
import type { EvidenceItem } from '../records/evidence-item.ts';
import type { EntryOf } from '../records/logbook-entry.ts';
import { newId } from '../records/ids.ts';
import { collectEvidence, type CollectFailure } from './evidence/collect-evidence.ts';
import type { Collector } from './evidence/collector.ts';
import { collectors as allCollectors } from './evidence/collectors.ts';
import { openDocumentStore, type DocumentStore } from './evidence/document-store.ts';
import type { EvidenceSources } from './evidence/evidence-sources.ts';
import { openEvidenceStore, type EvidenceStore } from './evidence/evidence-store.ts';
import { createFacts, type Facts } from './evidence/facts.ts';
import type { GovernanceDb } from './evidence/governance-db.ts';
import { spendOf } from './evidence/spend.ts';
import { listIncidents, type Incident } from './incidents/list-incidents.ts';
import { keepDays } from './days/keep-days.ts';
import type { Logbook } from './logbook/logbook.ts';
import { askRelease } from './release/ask-release.ts';
import { buildRoadmap } from './roadmap/build-roadmap.ts';
import { gapsOf } from './roadmap/gaps.ts';
import type { RoadmapView } from './roadmap/roadmap-view.ts';
import type { Criteria, Role } from './scorecard/criteria-schema.ts';
import {
  interviewEvidence,
  interviewQuestions,
  type InterviewAnswers,
  type InterviewQuestion,
} from './scorecard/interview.ts';
import { lateChecks } from './scorecard/late.ts';
import { readingOf } from './scorecard/reading.ts';
import { redFlagTestOf } from './scorecard/red-flag-test.ts';
import { scoreCard, type NotApplicable, type ScoreCard } from './scorecard/score-card.ts';
import { openScoreHistory } from './scorecard/score-history.ts';
import type { ScoreView } from './scorecard/score-view.ts';
import { categoryViews, conditionsById, spendWindow } from './scorecard/view-score.ts';

/** Evidence older than this is collected anew when somebody asks for a score. */
const FRESH_MS = 60_000;

export interface GovernanceOptions {
  db: GovernanceDb;
  sources: EvidenceSources;
  /** The criteria in force, and as they were shipped. */
  criteria: () => { inForce: Criteria; shipped: Criteria };
  /** Where days and forecasts are noted; absent: nowhere. */
  logbook?: Logbook;
  /** Default: all. */
  collectors?: () => readonly Collector[];
}

export interface Governance {
  evidence: EvidenceStore;
  documents: DocumentStore;
  criteria(): Criteria;
  /** Runs the collectors now; one run at a time, whoever else asks gets its outcome. */
  collect(): Promise<{ collected: number; failures: CollectFailure[] }>;
  /** Notes the days that are over, and forecasts; resolves to how many days. The owner of the ledger does it. */
  keep(): Promise<number>;
  /** Outages of the last 30 days, newest first, with what was learnt of them. */
  incidents(): Promise<Incident[]>;
  /** What the release gate says of a service now; it is kept. TR_NOT_FOUND; TR_FIELD_INVALID. */
  release(ask: {
    service: string;
    candidate: string | null;
    by: string;
  }): Promise<EntryOf<'release'>>;
  /** TR_NOT_FOUND for a service that is not configured. */
  score(service: string | null): Promise<ScoreView>;
  roadmap(ask: { service: string | null; role: Role | null }): Promise<RoadmapView>;
  /** Keeps what people bring, at its grade. TR_FIELD_INVALID for a condition that does not exist. */
  bring(items: readonly EvidenceItem[]): Promise<void>;
  withdraw(id: string, by: string): Promise<EvidenceItem>;
  questions(): InterviewQuestion[];
  /** Takes answers in; earlier ones of the same person to the same questions are withdrawn. */
  interview(answers: InterviewAnswers): Promise<ScoreView>;
  /** Says that a condition does not apply. */
  declare(one: NotApplicable): Promise<void>;
  assign(one: { action: string; service: string | null; owner: string }): Promise<void>;
  close(): Promise<void>;
}

export function createGovernance(options: GovernanceOptions): Governance {
  const { db, sources } = options;
  const { clock } = sources;
  const evidence = openEvidenceStore(db);
  const history = openScoreHistory(db);
  let running: Promise<{ collected: number; failures: CollectFailure[] }> | null = null;
  let collectedAtMs: number | null = null;
  let failures: CollectFailure[] = [];

  const serviceNames = (): string[] => sources.config().services.map((one) => one.name);
  const cardOf = async (service: string | null): Promise<ScoreCard> =>
    scoreCard({
      criteria: options.criteria().inForce,
      evidence: await evidence.current(),
      notApplicable: await declarations(db),
      nowMs: clock.wallMs(),
      service,
    });
  const record = async (): Promise<void> => {
    for (const service of [null, ...serviceNames()]) {
      const card = await cardOf(service);
      await history.record(card, gapsOf(card, options.criteria().inForce), clock.wallMs());
    }
  };
  const run = async (): Promise<{ collected: number; failures: CollectFailure[] }> => {
    const collectors = options.collectors?.() ?? allCollectors;
    const facts = createFacts(sources);
    const found = await collectEvidence(options.criteria().inForce, facts, collectors);
    await evidence.add(found.items);
    ({ failures } = found);
    collectedAtMs = clock.wallMs();
    await record();
    return { collected: found.items.length, failures };
  };
  const collect = (): Promise<{ collected: number; failures: CollectFailure[] }> => {
    running ??= run().finally(() => (running = null));
    return running;
  };
  const refresh = async (service: string | null): Promise<Facts> => {
    if (service !== null && !serviceNames().includes(service)) throw noService(service);
    const ageMs = clock.wallMs() - (collectedAtMs ?? Number.NEGATIVE_INFINITY);
    if (ageMs < 0 || ageMs > FRESH_MS) await collect();
    return createFacts(sources);
  };
  const score = async (service: string | null): Promise<ScoreView> => {
    const facts = await refresh(service);
    return viewOf(facts, await cardOf(service));
  };
  const viewOf = async (facts: Facts, card: ScoreCard): Promise<ScoreView> => {
    const { service } = card;
    const { inForce, shipped } = options.criteria();
    const window = spendWindow(facts.nowMs);
    const spend = await spendOf(facts, window, service ?? undefined);
    const { services } = await facts.answers(window);
    const about = { criteria: inForce, shipped, spend, nowMs: facts.nowMs };
    const categories = categoryViews(card, about);
    const { reading, text } = readingOf(card.totals.proven);
    const titles = new Map(inForce.conditions.map(({ id, title }) => [id, title]));
    return {
      generatedAtMs: facts.nowMs,
      collectedAtMs,
      service,
      services: serviceNames(),
      outOf: 16,
      ...card.totals,
      reading,
      readingText: text,
      spendUsd: spend.allUsd,
      spendSimulated: spend.simulated,
      categories,
      late: lateChecks(inForce, conditionsById(categories)),
      redFlagTest: services
        .filter((one) => service === null || one.service === service)
        .map(redFlagTestOf),
      ...(await history.trend(service, (id) => titles.get(id) ?? id)),
      failures: failures.filter((one) => one.service === null || one.service === service),
    };
  };
  const bring = async (items: readonly EvidenceItem[]): Promise<void> => {
    await evidence.add(items);
    await record();
  };

  return {
    evidence,
    documents: openDocumentStore(db),
    criteria: () => options.criteria().inForce,
    collect,
    keep: async () => (options.logbook === undefined ? 0 : keepDays(sources, options.logbook)),
    incidents: () => listIncidents(createFacts(sources)),
    async release(ask) {
      const entry = await askRelease(sources, ask);
      await options.logbook?.add(entry);
      return entry;
    },
    score,
    bring,
    async roadmap({ service, role }) {
      const facts = await refresh(service);
      const card = await cardOf(service);
      const owners = await ownersOf(db, service);
      const { inForce } = options.criteria();
      return buildRoadmap({
        card,
        criteria: inForce,
        spend: await spendOf(facts, spendWindow(facts.nowMs), service ?? undefined),
        history: await history.actions(service),
        owners,
        proofOf: (id) => proofOf(inForce, id),
        role,
        nowMs: facts.nowMs,
      });
    },
    async withdraw(id, by) {
      const item = await evidence.withdraw(id, by, clock.wallMs());
      await record();
      return item;
    },
    questions: () => interviewQuestions(options.criteria().inForce),
    async interview(answers) {
      const { inForce: criteria } = options.criteria();
      const nowMs = clock.wallMs();
      const services = serviceNames();
      const items = interviewEvidence(answers, { criteria, services, nowMs });
      const asked = new Set(answers.answers.map((one) => one.condition));
      const owners = new Set([
        answers.person,
        ...answers.answers.flatMap((one) => one.owner ?? []),
      ]);
      for (const { id, condition, source, owner } of await evidence.current()) {
        const isSaid = source === 'document' || source === 'attestation';
        if (!isSaid || !asked.has(condition) || !owners.has(owner)) continue;
        await evidence.withdraw(id, answers.person, nowMs);
      }
      await bring(items);
      return score(null);
    },
    async declare(one) {
      const { condition, service, reason, owner, expiresAtMs } = one;
      const atMs = clock.wallMs();
      await db
        .insertInto('notApplicable')
        .values({
          id: newId(atMs),
          condition,
          service: service ?? '',
          reason,
          owner,
          atMs,
          expiresAtMs,
          withdrawnMs: null,
        })
        .execute();
      await record();
    },
    async assign({ action, service, owner }) {
      const row = { action, service: service ?? '', owner, atMs: clock.wallMs() };
      await db
        .insertInto('assignments')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['action', 'service']).doUpdateSet({ owner, atMs: row.atMs }),
        )
        .execute();
    },
    async close() {
      await running?.catch(() => undefined);
      await db.destroy();
    },
  };
}

const noService = (service: string): TailraceError =>
  new TailraceError('TR_NOT_FOUND', `no service is called "${service}"`, { field: 'service' });

/** Later declarations of a condition take the place of earlier ones. */
async function declarations(db: GovernanceDb): Promise<NotApplicable[]> {
  const rows = await db
    .selectFrom('notApplicable')
    .selectAll()
    .where('withdrawnMs', 'is', null)
    .orderBy('atMs')
    .orderBy('id')
    .execute();
  const latest = new Map(rows.map((row) => [`${row.condition}\n${row.service}`, row]));
  return [...latest.values()].map(({ condition, service, reason, owner, expiresAtMs }) => ({
    condition,
    service: service === '' ? null : service,
    reason,
    owner,
    expiresAtMs,
  }));
}

async function ownersOf(db: GovernanceDb, service: string | null): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('assignments')
    .select(['action', 'owner'])
    .where('service', '=', service ?? '')
    .execute();
  return new Map(rows.map(({ action, owner }) => [action, owner]));
}

/** Where the condition is shown to hold: the query of its collector, or the evidence that people attach. */
function proofOf({ conditions }: Criteria, id: string): string {
  const { collector } = conditions.find((one) => one.id === id) ?? {};
  const query = allCollectors.find((one) => one.id === collector)?.query;
  return query ?? `/api/v1/evidence?condition=${encodeURIComponent(id)}`;
}
