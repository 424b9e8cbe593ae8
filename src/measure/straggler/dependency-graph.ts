/** What each operation waits for, and which operations end together. One step, one rank of each stage. */
export interface DependencyGraph {
  /** Operations that must end before this one starts. Every operation has an entry. */
  after: ReadonlyMap<string, readonly string[]>;
  /** Communication: its members start transferring when the last of them has started. */
  groups: ReadonlyArray<readonly string[]>;
  groupOf: ReadonlyMap<string, number>;
  /** Groups that also wait for the other data-parallel ranks. */
  acrossRanks: ReadonlySet<string>;
}

export interface GraphBuilder {
  /** `name` starts after each of `others`. */
  after(name: string, others: readonly string[]): void;
  /** Each starts after the one before it; the first after `first`. */
  chain(names: readonly string[], first?: readonly string[]): void;
  group(names: readonly string[]): void;
  acrossRanks(name: string): void;
  build(): DependencyGraph;
}

/** Only operations in `known` take part; a chain closes over those that the trace lacks. */
export function createGraph(known: ReadonlySet<string>): GraphBuilder {
  const after = new Map<string, string[]>([...known].map((name) => [name, []]));
  const groups: string[][] = [];
  const acrossRanks = new Set<string>();
  const builder: GraphBuilder = {
    after(name, others) {
      after.get(name)?.push(...others.filter((other) => known.has(other)));
    },
    chain(names, first = []) {
      let before = first;
      for (const name of names) {
        if (!known.has(name)) continue;
        builder.after(name, before);
        before = [name];
      }
    },
    group(names) {
      const members = names.filter((name) => known.has(name));
      if (members.length > 0) groups.push(members);
    },
    acrossRanks: (name) => void acrossRanks.add(name),
    build: () => ({
      after,
      groups,
      groupOf: new Map(groups.flatMap((names, i) => names.map((name) => [name, i] as const))),
      acrossRanks,
    }),
  };
  return builder;
}
