import { compareVendors } from './compare-vendors.ts';
import type { VendorFile } from './vendor-file.ts';

/**
 * Mean grade (0 to 3) of the vendors marked critical, for the scorecard; null without one. Probes of simulated engines
 * are left out: what they produced proves nothing. `atMs` is the time of the newest answer, review or probe.
 */
export function criticalVendors(
  files: readonly VendorFile[],
  nowMs: number,
): { meanGrade: number; count: number; atMs: number } | null {
  const critical = files
    .filter(({ vendor }) => vendor.critical && vendor.kind === 'vendor')
    .map(withoutSimulated);
  if (critical.length === 0) return null;
  const { vendors } = compareVendors(critical, nowMs);
  return {
    meanGrade: vendors.reduce((sum, { score }) => sum + score, 0) / vendors.length,
    count: vendors.length,
    atMs: critical.reduce((latest, file) => Math.max(latest, newestMs(file)), 0),
  };
}

const withoutSimulated = (file: VendorFile): VendorFile => ({
  ...file,
  probes: file.probes.filter(({ simulated }) => !simulated),
});

const newestMs = ({ vendor, answers, reviews, probes }: VendorFile): number =>
  [answers, reviews, probes]
    .map((list) => list.at(-1)?.atMs ?? 0)
    .reduce((latest, one) => Math.max(latest, one), vendor.atMs);
