import { join } from 'node:path';
import type { Catalogue, SegmentRow } from './catalogue.ts';
import { mayContain } from './id-filter.ts';
import { quote, type RecordTable } from './record-table.ts';

const filtersMax = 64;
const idsPerQuery = 4096;

/** Which ids are in sealed segments: by id range, then by filter, and only then by a look into the file. */
export class SealedIds {
  readonly #catalogue: Catalogue;
  readonly #table: RecordTable;
  readonly #segmentDir: string;
  /** By segment; the one that was read first goes first. */
  readonly #filters = new Map<number, Uint8Array>();
  /** Ids of the newest segment, whose time overlaps that of what comes next: no file is read for them. */
  #newest: { segment: number; ids: { has(id: string): boolean } } | null = null;

  constructor(catalogue: Catalogue, table: RecordTable, segmentDir: string) {
    this.#catalogue = catalogue;
    this.#table = table;
    this.#segmentDir = segmentDir;
  }

  /** To be told of each seal. */
  remember(segment: SegmentRow, ids: { has(id: string): boolean }): void {
    this.#newest = { segment: segment.id, ids };
  }

  /** False: surely not in this segment. */
  mayHold(segment: SegmentRow, id: string): boolean {
    return id >= segment.minId && id <= segment.maxId && mayContain(this.#filterOf(segment), id);
  }

  /** Those of `ids` that are sealed. A segment whose file is past its retention counts by its filter alone. */
  async among(ids: Iterable<string>, segments: readonly SegmentRow[]): Promise<Set<string>> {
    const suspects = new Map<SegmentRow, string[]>();
    const asked = [...ids];
    const first = asked.reduce((min, id) => (id < min ? id : min), '~');
    const last = asked.reduce((max, id) => (id > max ? id : max), '');
    const near = segments.filter(({ minId, maxId }) => minId <= last && maxId >= first);
    for (const id of asked) {
      for (const segment of near) {
        const exact = segment.id === this.#newest?.segment ? this.#newest.ids : null;
        if (exact === null ? !this.mayHold(segment, id) : !exact.has(id)) continue;
        const known = suspects.get(segment);
        if (known === undefined) suspects.set(segment, [id]);
        else known.push(id);
      }
    }
    const sealed = new Set<string>();
    for (const [segment, some] of suspects) {
      if (segment.rows === 0 || segment.id === this.#newest?.segment)
        for (const id of some) sealed.add(id);
      else for (const id of await this.#inFile(segment, some)) sealed.add(id);
    }
    return sealed;
  }

  forget(): void {
    this.#filters.clear();
  }

  async #inFile(segment: SegmentRow, ids: readonly string[]): Promise<string[]> {
    const path = quote(join(this.#segmentDir, segment.file));
    const found: string[] = [];
    for (let at = 0; at < ids.length; at += idsPerQuery) {
      const list = ids.slice(at, at + idsPerQuery).map((id) => `${quote(id)}::UUID`);
      const rows = await this.#table.rows(
        `SELECT id::VARCHAR FROM read_parquet(${path}) WHERE id IN (${list.join(', ')})`,
        [],
      );
      for (const [id] of rows) found.push(String(id));
    }
    return found;
  }

  #filterOf(segment: SegmentRow): Uint8Array {
    let filter = this.#filters.get(segment.id);
    if (filter === undefined) {
      filter = this.#catalogue.segmentIds(segment.id);
      if (this.#filters.size >= filtersMax) {
        const oldest = this.#filters.keys().next().value;
        if (oldest !== undefined) this.#filters.delete(oldest);
      }
      this.#filters.set(segment.id, filter);
    }
    return filter;
  }
}
