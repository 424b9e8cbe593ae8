import type { Command } from './command.ts';

/** A command by its name, loaded when it is asked for: `up` does not carry the planner along. */
export interface CommandEntry {
  name: string;
  load(): Promise<Command>;
}

/** Every command, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  { name: 'up', load: async () => (await import('./commands/up.ts')).up },
  { name: 'ask', load: async () => (await import('./commands/ask.ts')).ask },
  { name: 'why', load: async () => (await import('./commands/why.ts')).why },
  { name: 'score', load: async () => (await import('./commands/score.ts')).score },
  { name: 'roadmap', load: async () => (await import('./commands/roadmap.ts')).roadmap },
  { name: 'analyze', load: async () => (await import('./commands/analyze.ts')).analyze },
  { name: 'status', load: async () => (await import('./commands/status.ts')).status },
  { name: 'check', load: async () => (await import('./commands/check.ts')).check },
  { name: 'keys', load: async () => (await import('./commands/keys.ts')).keys },
  { name: 'replay', load: async () => (await import('./commands/replay.ts')).replay },
  { name: 'load', load: async () => (await import('./commands/load.ts')).load },
  {
    name: 'simulate job',
    load: async () => (await import('./commands/simulate-job.ts')).simulateJob,
  },
  {
    name: 'cluster replay',
    load: async () => (await import('./commands/cluster-replay.ts')).clusterReplay,
  },
  {
    name: 'cluster check',
    load: async () => (await import('./commands/cluster-check.ts')).clusterCheck,
  },
  {
    name: 'cluster rbac',
    load: async () => (await import('./commands/cluster-rbac.ts')).clusterRbac,
  },
  { name: 'export', load: async () => (await import('./commands/export.ts')).exportRecords },
  {
    name: 'probe storage',
    load: async () => (await import('./commands/probe-storage.ts')).probeStorageCommand,
  },
  {
    name: 'probe network',
    load: async () => (await import('./commands/probe-network.ts')).probeNetworkCommand,
  },
  {
    name: 'probe memory',
    load: async () => (await import('./commands/probe-memory.ts')).probeMemoryCommand,
  },
  { name: 'drill', load: async () => (await import('./commands/drill.ts')).drill },
  { name: 'release', load: async () => (await import('./commands/release.ts')).release },
  { name: 'incidents', load: async () => (await import('./commands/incidents.ts')).incidents },
  { name: 'invoice', load: async () => (await import('./commands/invoice.ts')).invoice },
  { name: 'restore', load: async () => (await import('./commands/restore.ts')).restore },
  {
    name: 'probe host',
    load: async () => (await import('./commands/probe-host.ts')).probeHostCommand,
  },
  {
    name: 'plan serve',
    load: async () => (await import('./commands/plan-serve.ts')).planServeCommand,
  },
  {
    name: 'plan search',
    load: async () => (await import('./commands/plan-search.ts')).planSearchCommand,
  },
  {
    name: 'plan double',
    load: async () => (await import('./commands/plan-double.ts')).planDoubleCommand,
  },
  {
    name: 'plan facility',
    load: async () => (await import('./commands/plan-facility.ts')).planFacilityCommand,
  },
  {
    name: 'plan calibrate',
    load: async () => (await import('./commands/plan-calibrate.ts')).planCalibrate,
  },
  { name: 'plan train', load: async () => (await import('./commands/plan-train.ts')).planTrain },
  {
    name: 'plan validate',
    load: async () => (await import('./commands/plan-validate.ts')).planValidate,
  },
  {
    name: 'vendor questions',
    load: async () => (await import('./commands/vendor-questions.ts')).vendorQuestions,
  },
  {
    name: 'vendor import',
    load: async () => (await import('./commands/vendor-import.ts')).vendorImport,
  },
  {
    name: 'vendor export',
    load: async () => (await import('./commands/vendor-export.ts')).vendorExportCommand,
  },
  {
    name: 'vendor compare',
    load: async () => (await import('./commands/vendor-compare.ts')).vendorCompare,
  },
  {
    name: 'vendor review',
    load: async () => (await import('./commands/vendor-review.ts')).vendorReview,
  },
  {
    name: 'vendor probe',
    load: async () => (await import('./commands/vendor-probe.ts')).vendorProbe,
  },
  {
    name: 'vendor link',
    load: async () => (await import('./commands/vendor-link.ts')).vendorLink,
  },
  {
    name: 'vendor quote',
    load: async () => (await import('./commands/vendor-quote.ts')).vendorQuote,
  },
  {
    name: 'vendor quotes',
    load: async () => (await import('./commands/vendor-quotes.ts')).vendorQuotes,
  },
];

export const loadAll = (table: readonly CommandEntry[]): Promise<Command[]> =>
  Promise.all(table.map((entry) => entry.load()));
