import { gradeAnswer, type AnswerGrade, type GradeReason } from './grade-answer.ts';
import { layers, questions, type Question } from './question.ts';
import { answerAt, latest, reviewAt, type VendorFile } from './vendor-file.ts';
import type { Answer } from './vendor-records.ts';

/** One answer with its grade. */
export interface Cell {
  vendor: string;
  grade: AnswerGrade;
  reason: GradeReason;
  note: string;
  simulated: boolean;
  answer: Answer | null;
  /** Days since the answer; null without one. */
  ageDays: number | null;
  /** A yes-no question that was answered the way one does not want. */
  isUnwanted: boolean;
}

export interface ComparisonRow {
  question: string;
  layer: Question['layer'];
  topic: string;
  condition: string;
  ask: string;
  weight: number;
  cells: Cell[];
}

export interface Contradiction {
  question: string;
  note: string;
}

export interface VendorSummary {
  id: string;
  name: string;
  kind: 'vendor' | 'team';
  critical: boolean;
  /** Weighted mean grade, 0 to 3; what is not answered counts 0. */
  score: number;
  layers: Array<{ layer: Question['layer']; score: number }>;
  /** Number of questions at grade 0, 1, 2 and 3. */
  grades: [number, number, number, number];
  answered: number;
  /** Below a document in date, or answered the way one does not want; the heaviest first. */
  gaps: string[];
  contradictions: Contradiction[];
  probedAtMs: number | null;
  /** Some grade rests on a probe of a simulated engine. */
  simulated: boolean;
}

export interface Comparison {
  atMs: number;
  weights: Record<string, number>;
  vendors: VendorSummary[];
  rows: ComparisonRow[];
}

const DAY_MS = 86_400_000;
/** A document in date: what the scorecard asks of critical vendors on average. */
export const WANTED_GRADE = 2;

/**
 * Vendors side by side as they were known at a time. `weights` replaces weights of questions by id, or of
 * a layer's questions by its name; 0 leaves a question out of the means.
 */
export function compareVendors(
  files: readonly VendorFile[],
  atMs: number,
  weights: Readonly<Record<string, number>> = {},
): Comparison {
  const rows = questions.map((question) => rowOf(question, files, atMs, weights));
  return {
    atMs,
    weights: { ...weights },
    vendors: files.map((file, i) => summaryOf(file, i, rows, atMs)),
    rows,
  };
}

function rowOf(
  question: Question,
  files: readonly VendorFile[],
  atMs: number,
  weights: Readonly<Record<string, number>>,
): ComparisonRow {
  const { id, layer, topic, condition } = question;
  return {
    question: id,
    layer,
    topic,
    condition,
    ask: question.ask,
    weight: weights[id] ?? weights[layer] ?? question.weight,
    cells: files.map((file) => cellOf(question, file, atMs)),
  };
}

/** One question of one vendor, graded as of a time. */
export function cellOf(question: Question, file: VendorFile, atMs: number): Cell {
  const answer = answerAt(file, question.id, atMs);
  const review = reviewAt(file, question.id, atMs);
  const probe = latest(file.probes, atMs);
  const { wanted } = question.answer;
  return {
    vendor: file.vendor.id,
    ...gradeAnswer(question, { answer, review, probe }, atMs),
    answer,
    ageDays: answer === null ? null : Math.floor((atMs - answer.atMs) / DAY_MS),
    isUnwanted: wanted !== undefined && answer?.value != null && answer.value !== wanted,
  };
}

function summaryOf(
  file: VendorFile,
  index: number,
  rows: readonly ComparisonRow[],
  atMs: number,
): VendorSummary {
  const cells = rows.flatMap((row) => {
    const cell = row.cells[index];
    return cell === undefined ? [] : [{ row, cell }];
  });
  const grades: VendorSummary['grades'] = [0, 0, 0, 0];
  for (const { cell } of cells) grades[cell.grade] += 1;
  const { id, name, kind, critical } = file.vendor;
  return {
    id,
    name,
    kind,
    critical,
    score: meanGrade(cells),
    layers: layers.map((layer) => ({
      layer,
      score: meanGrade(cells.filter(({ row }) => row.layer === layer)),
    })),
    grades,
    answered: cells.filter(({ cell }) => cell.answer !== null).length,
    gaps: cells
      .filter(({ row, cell }) => row.weight > 0 && (cell.grade < WANTED_GRADE || cell.isUnwanted))
      .toSorted((a, b) => b.row.weight - a.row.weight)
      .map(({ row }) => row.question),
    contradictions: cells
      .filter(({ cell }) => cell.reason === 'contradicted')
      .map(({ row, cell }) => ({ question: row.question, note: cell.note })),
    probedAtMs: latest(file.probes, atMs)?.atMs ?? null,
    simulated: cells.some(({ cell }) => cell.simulated),
  };
}

function meanGrade(cells: ReadonlyArray<{ row: ComparisonRow; cell: Cell }>): number {
  const weight = cells.reduce((sum, { row }) => sum + row.weight, 0);
  const points = cells.reduce((sum, { row, cell }) => sum + row.weight * cell.grade, 0);
  return weight === 0 ? 0 : points / weight;
}
