import type { RoadmapView } from '../roadmap/roadmap-view.ts';
import type { ScoreView } from './score-view.ts';

/** The scorecard as one HTML file to print on A4. */
export function renderReport(score: ScoreView, roadmap: RoadmapView): string {
  return `<!doctype html><title>${score.proven} of ${score.outOf}</title>${roadmap.actions.length}`;
}
