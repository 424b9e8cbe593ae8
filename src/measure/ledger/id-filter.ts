/**
 * A Bloom filter over record ids (UUIDv7): says "surely not in this segment" so that a duplicate check reads no file.
 * 10 bits an id and 6 probes give about 1 % false alarms (Bloom 1970: (1 - e^(-kn/m))^k = 0.84 %). The id's random
 * part is its own hash.
 */
const bitsPerId = 10;
const probes = 6;

export function buildIdFilter(ids: Iterable<string>, count: number): Uint8Array {
  const filter = new Uint8Array(Math.max(8, Math.ceil((count * bitsPerId) / 8)));
  const size = filter.length * 8;
  for (const id of ids) {
    const { first, step } = hashOf(id);
    for (let i = 0; i < probes; i += 1) {
      const bit = (first + i * step) % size;
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

export function mayContain(filter: Uint8Array, id: string): boolean {
  const size = filter.length * 8;
  if (size === 0) return true;
  const { first, step } = hashOf(id);
  for (let i = 0; i < probes; i += 1) {
    const bit = (first + i * step) % size;
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** Double hashing (Kirsch and Mitzenmacher 2006) over the last 60 random bits of the id. */
const hashOf = (id: string): { first: number; step: number } => ({
  first: Number.parseInt(id.slice(20, 23) + id.slice(24, 28), 16),
  step: Number.parseInt(id.slice(28, 36), 16) + 1,
});
