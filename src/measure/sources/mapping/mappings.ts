import { amd } from './amd.ts';
import { dcgm } from './dcgm.ts';
import { sglang, tensorRtLlm, triton, tritonDevices, vllm } from './engines.ts';
import { kepler } from './kepler.ts';
import type { ExporterMapping, Rule } from './mapping.ts';
import { openTelemetryDevices, openTelemetryGenAi, openTelemetryHost } from './opentelemetry.ts';
import { nodeExporter } from './node-exporter.ts';

/** Every exporter whose names are known; no name belongs to two of them. */
export const mappings: readonly ExporterMapping[] = [
  dcgm,
  amd,
  nodeExporter,
  kepler,
  vllm,
  sglang,
  triton,
  tritonDevices,
  tensorRtLlm,
  openTelemetryDevices,
  openTelemetryHost,
  openTelemetryGenAi,
];

export interface NamedRule {
  mapping: ExporterMapping;
  rules: readonly Rule[];
}

const byName: ReadonlyMap<string, NamedRule> = new Map(
  mappings.flatMap((mapping) =>
    Object.entries(mapping.rules).map(([name, rules]): [string, NamedRule] => [
      name,
      { mapping, rules: Array.isArray(rules) ? rules : [rules as Rule] },
    ]),
  ),
);

/** What is known of a series by its name; null for a name of no known exporter. */
export const rulesFor = (name: string): NamedRule | null =>
  byName.get(name) ?? (name.startsWith('amd_') ? byName.get(name.slice(4)) : null) ?? null;
