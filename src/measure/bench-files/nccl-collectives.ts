/**
 * Bus bandwidth of a collective over its algorithm bandwidth, by ranks (NVIDIA/nccl-tests,
 * doc/PERFORMANCE.md): what the slowest link carries, so that runs of any size compare with hardware.
 */
export type Collective =
  | 'all_reduce'
  | 'reduce_scatter'
  | 'all_gather'
  | 'alltoall'
  | 'broadcast'
  | 'reduce'
  | 'sendrecv'
  | 'gather'
  | 'scatter'
  | 'hypercube';

/** `scatter` and `gather` leave the root's own part out, as `gather.cu` and `scatter.cu` compute. */
const share = (ranks: number): number => (ranks - 1) / ranks;

const factors: Readonly<Record<Collective, (ranks: number) => number>> = {
  all_reduce: (ranks) => 2 * share(ranks),
  reduce_scatter: share,
  all_gather: share,
  alltoall: share,
  gather: share,
  scatter: share,
  hypercube: share,
  broadcast: () => 1,
  reduce: () => 1,
  sendrecv: () => 1,
};

/** The factor for `ranks` (at least 1); with in-network reduction an all-reduce has its own. */
export function busFactor(collective: Collective, ranks: number, inNetwork = false): number {
  if (inNetwork && collective === 'all_reduce') return (ranks - 1) / (ranks + 1);
  return factors[collective](ranks);
}

/** `all_reduce_perf`, `all_reduce_perf_mpi` or a path that ends so; null when it is none of ours. */
export function collectiveOfProgram(program: string): Collective | null {
  const name = /([a-z_]+)_perf(?:_mpi)?$/.exec(program.trim())?.[1];
  return name !== undefined && Object.hasOwn(factors, name) ? (name as Collective) : null;
}

/** Collectives that print this reduction and root, the usual one first (`root` -1 is none). */
export function collectivesOfRow(redop: string | null, root: number | null): Collective[] {
  if (redop === null) return ['all_reduce'];
  if (redop === 'none') {
    return root !== null && root >= 0
      ? ['broadcast', 'scatter', 'gather']
      : ['all_gather', 'alltoall', 'sendrecv', 'hypercube'];
  }
  return root !== null && root >= 0 ? ['reduce'] : ['all_reduce', 'reduce_scatter'];
}
