/**
 * Seconds of exchanges between accelerators; sizes are bytes held by each rank. The training
 * simulator asks nothing else of a network, so that a fitted model can take the place of the one
 * below.
 */
export interface CollectiveTimes {
  allReduceS(group: RankGroup, bytes: number): number;
  /** Half of an all-reduce: reduce-scatter or all-gather of `bytes` in all. */
  halfReduceS(group: RankGroup, bytes: number): number;
  allToAllS(group: RankGroup, bytes: number): number;
  /** One message between two ranks of different nodes. */
  sendS(bytes: number): number;
}

/** Seconds of exchanges inside one node; bytes as above. */
export interface NodeExchange {
  allReduceS(ranks: number, bytes: number): number;
  halfReduceS(ranks: number, bytes: number): number;
  allToAllS(ranks: number, bytes: number): number;
}

/** Ranks that exchange, and how many of them share a node. */
export interface RankGroup {
  ranks: number;
  ranksPerNode: number;
}

/** One direction of each link, per accelerator. */
export interface Topology {
  nodeGbPerS: number;
  nodeLatencyUs: number;
  networkGbPerS: number;
  networkLatencyUs: number;
  /** How many times more the leaves may send than the spine carries; 1 is non-blocking. */
  oversubscription: number;
  collective: 'ring' | 'tree' | 'hierarchical';
}

/** One level of a network as alpha-beta: a latency per message and bytes per second. */
interface Link {
  latencyS: number;
  bytesPerS: number;
}

/**
 * Alpha-beta costs of the usual algorithms (Thakur, Rabenseifner and Gropp, "Optimization of
 * Collective Communication Operations in MPICH", IJHPCA 19(1), 2005):
 * - ring: 2 (n - 1) latencies, 2 (n - 1) / n of the bytes over the slowest link on the ring;
 * - tree (two trees as in NCCL 2.4): 2 log2 n latencies, twice the bytes;
 * - hierarchical: reduce-scatter inside nodes, ring between nodes on 1 / ranksPerNode of the bytes,
 *   all-gather inside.
 * What leaves a node is divided by the oversubscription. `node` takes the place of the form inside
 * a node where something better is known.
 */
export function alphaBetaCollectives(topology: Topology, node?: NodeExchange): CollectiveTimes {
  const inNode: Link = {
    latencyS: topology.nodeLatencyUs / 1e6,
    bytesPerS: topology.nodeGbPerS * 1e9,
  };
  const between: Link = {
    latencyS: topology.networkLatencyUs / 1e6,
    bytesPerS: (topology.networkGbPerS * 1e9) / topology.oversubscription,
  };
  const inside = node ?? ringNode(inNode);
  // Ranks of one node that are neighbours on a ring leave it over all of their own ports.
  const slowest = ({ ranks, ranksPerNode }: RankGroup): Link =>
    ranks <= ranksPerNode
      ? inNode
      : {
          latencyS: between.latencyS,
          bytesPerS: Math.min(inNode.bytesPerS, between.bytesPerS * ranksPerNode),
        };

  const halfReduceS = (group: RankGroup, bytes: number): number => {
    if (group.ranks <= 1) return 0;
    const local = Math.min(group.ranks, group.ranksPerNode);
    const nodes = Math.ceil(group.ranks / local);
    if (nodes === 1) return inside.halfReduceS(group.ranks, bytes);
    switch (topology.collective) {
      case 'ring':
        return ringS(group.ranks, bytes, slowest(group));
      case 'tree': {
        const link = slowest(group);
        return Math.ceil(Math.log2(group.ranks)) * link.latencyS + bytes / link.bytesPerS;
      }
      case 'hierarchical':
        return inside.halfReduceS(local, bytes) + ringS(nodes, bytes / local, between);
    }
  };
  return {
    halfReduceS,
    allReduceS: (group, bytes) =>
      group.ranks <= group.ranksPerNode
        ? inside.allReduceS(group.ranks, bytes)
        : 2 * halfReduceS(group, bytes),
    allToAllS(group, bytes) {
      if (group.ranks <= group.ranksPerNode) return inside.allToAllS(group.ranks, bytes);
      const away = Math.max(0, group.ranks - group.ranksPerNode) / group.ranks;
      const near = (group.ranks - 1) / group.ranks - away;
      return (
        between.latencyS +
        Math.max((bytes * away) / between.bytesPerS, (bytes * near) / inNode.bytesPerS)
      );
    },
    sendS: (bytes) => between.latencyS + bytes / between.bytesPerS,
  };
}

function ringNode(link: Link): NodeExchange {
  return {
    allReduceS: (ranks, bytes) => 2 * ringS(ranks, bytes, link),
    halfReduceS: (ranks, bytes) => ringS(ranks, bytes, link),
    allToAllS: (ranks, bytes) => ringS(ranks, bytes, link),
  };
}

/** Half of a ring all-reduce: n - 1 rounds of 1 / n of the bytes. */
const ringS = (ranks: number, bytes: number, link: Link): number =>
  (ranks - 1) * (link.latencyS + bytes / ranks / link.bytesPerS);
