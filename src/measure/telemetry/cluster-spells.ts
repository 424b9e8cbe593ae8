import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { CARD_STATES, type ClusterLook } from '../bottleneck/cluster/cluster-look.ts';
import type { ClusterSpell } from '../bottleneck/cluster/cluster-spell.ts';
import { transaction } from './telemetry-db.ts';

/** A look stands for the time until the next one, at most this many intervals (as gauges do, docs/sources.md). */
const STANDS_FOR_INTERVALS = 2.5;
/** Spells of one answer, the newest first. */
const MAX_READ = 200_000;
/** Spells that wait for a disk that refuses; beyond it the oldest are given up. */
const MAX_PENDING = 200_000;

interface Seen {
  toMs: number;
  intervalMs: number;
  open: Map<string, ClusterSpell>;
}

export interface ClusterSpellQuery {
  fromMs: number;
  toMs: number;
  /** Default: all clusters. */
  cluster?: string;
}

/**
 * What the cards of clusters did, as spells: a state of one subject from a look until it changed. Spells of one cluster
 * never overlap for the same card: a clock that steps back adds nothing until it has passed the last look. Cost of a
 * look: linear in its parts; nothing is written until `flush`.
 */
export class ClusterSpells {
  readonly #db: DatabaseSync;
  readonly #seen = new Map<string, Seen>();
  #ended: ClusterSpell[] = [];

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Takes in a look at a cluster that is looked at every `intervalMs`. */
  look(cluster: string, look: ClusterLook, intervalMs: number): void {
    const before = this.#seen.get(cluster);
    if (before !== undefined && look.atMs <= before.toMs) return;
    const heldUntilMs = before === undefined ? null : standsUntil(before, look.atMs);
    const open = new Map<string, ClusterSpell>();
    for (const part of [lookedAt(look.cards), ...look.parts]) {
      const key = `${part.subject}\n${part.node}\n${part.state}`;
      // A subject told twice in one look is one spell with the sum of its cards.
      const twin = open.get(key);
      if (twin === undefined) {
        open.set(key, { ...part, cluster, fromMs: look.atMs, toMs: look.atMs });
      } else twin.cards += part.cards;
    }
    for (const [key, spell] of before?.open ?? []) {
      spell.toMs = heldUntilMs ?? spell.toMs;
      const next = open.get(key);
      const goesOn = next !== undefined && next.cards === spell.cards && heldUntilMs === look.atMs;
      if (goesOn) open.set(key, { ...next, fromMs: spell.fromMs });
      else this.#ended.push(spell);
    }
    this.#seen.set(cluster, { toMs: look.atMs, intervalMs, open });
  }

  /** Forgets what a cluster that is not configured any more does now; its history stays. */
  end(cluster: string): void {
    this.#ended.push(...(this.#seen.get(cluster)?.open.values() ?? []));
    this.#seen.delete(cluster);
  }

  /** Writes what ended and what goes on. */
  flush(): void {
    this.#ended = this.#ended.slice(-MAX_PENDING);
    const insert = this.#db.prepare(
      `INSERT OR REPLACE INTO cluster_spells
       (cluster, subject, node, state, fromMs, toMs, cards, why, confidence) VALUES (?,?,?,?,?,?,?,?,?)`,
    );
    const going = [...this.#seen.values()].flatMap(({ open }) => Array.from(open.values()));
    const all = this.#ended.concat(going);
    transaction(this.#db, () => {
      for (const { cluster, subject, node, state, fromMs, toMs, cards, why, confidence } of all) {
        if (toMs <= fromMs) continue;
        insert.run(cluster, subject, node, state, fromMs, toMs, cards, why, confidence);
      }
    });
    this.#ended = [];
  }

  /** Spells of the window, those that go on until `nowMs` as far as the last look stands for. */
  read(query: ClusterSpellQuery, nowMs: number): ClusterSpell[] {
    const going = [...this.#seen.values()].flatMap((seen) => {
      const toMs = Math.max(seen.toMs, standsUntil(seen, nowMs));
      return Array.from(seen.open.values(), (spell) => Object.assign({}, spell, { toMs }));
    });
    const held = [...this.#ended, ...going];
    const isHeld = new Set(held.map(spellKey));
    const kept = selectSpells(this.#db, query).filter((one) => !isHeld.has(spellKey(one)));
    const asked = held.filter(
      (one) => query.cluster === undefined || query.cluster === one.cluster,
    );
    return clipped([...kept, ...asked], query);
  }
}

const standsUntil = (seen: Seen, nowMs: number): number =>
  Math.min(nowMs, seen.toMs + STANDS_FOR_INTERVALS * seen.intervalMs);

const spellKey = ({ cluster, subject, node, state, fromMs }: ClusterSpell): string =>
  JSON.stringify([cluster, subject, node, state, fromMs]);

const lookedAt = (cards: number) => ({
  subject: '',
  node: '',
  state: 'looked' as const,
  cards,
  why: '',
  confidence: 'high' as const,
});

const row = z.object({
  cluster: z.string(),
  subject: z.string(),
  node: z.string(),
  state: z.enum([...CARD_STATES, 'looked']),
  cards: z.number(),
  why: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  fromMs: z.number(),
  toMs: z.number(),
});

/** Spells that were written, cut to the window; none from a file that an earlier version wrote. */
export const readClusterSpells = (db: DatabaseSync, query: ClusterSpellQuery): ClusterSpell[] =>
  clipped(selectSpells(db, query), query);

function selectSpells(db: DatabaseSync, query: ClusterSpellQuery): ClusterSpell[] {
  const has = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'cluster_spells'`).get();
  if (has === undefined) return [];
  return db
    .prepare(
      `SELECT * FROM cluster_spells WHERE toMs > ? AND fromMs < ? AND (? = '' OR cluster = ?)
       ORDER BY fromMs DESC LIMIT ${MAX_READ}`,
    )
    .all(query.fromMs, query.toMs, query.cluster ?? '', query.cluster ?? '')
    .map((one) => row.parse(one));
}

const clipped = (spells: readonly ClusterSpell[], query: ClusterSpellQuery): ClusterSpell[] =>
  spells
    .map((one) => ({
      ...one,
      fromMs: Math.max(one.fromMs, query.fromMs),
      toMs: Math.min(one.toMs, query.toMs),
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);

export const dropClusterSpells = (db: DatabaseSync, beforeMs: number): void => {
  db.prepare('DELETE FROM cluster_spells WHERE toMs < ?').run(beforeMs);
};
