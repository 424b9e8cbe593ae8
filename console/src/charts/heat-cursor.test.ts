import { expect, test } from 'vitest';
import type { HeatGrid } from './heat-grid.ts';
import { cellAt, firstCell, moveCell } from './heat-cursor.ts';

const column = (counts: number[]) => ({ fromMs: 0, toMs: 1, step: null, counts });
const grid: HeatGrid = {
  columns: [column([1, 0, 0]), column([0, 2, 0]), column([0, 0, 0])],
  rows: [
    { lowerMs: 0, upperMs: 1 },
    { lowerMs: 1, upperMs: 2 },
    { lowerMs: 2, upperMs: 4 },
  ],
  max: 2,
};

test('starts at the slowest requests of the newest step that has any', () => {
  expect(firstCell(grid)).toEqual({ x: 1, y: 1 });
});

test('keys move within the grid, and only its own keys do', () => {
  expect(moveCell(grid, { x: 1, y: 1 }, 'ArrowUp')).toEqual({ x: 1, y: 2 });
  expect(moveCell(grid, { x: 1, y: 2 }, 'ArrowUp')).toEqual({ x: 1, y: 2 });
  expect(moveCell(grid, { x: 0, y: 0 }, 'ArrowLeft')).toEqual({ x: 0, y: 0 });
  expect(moveCell(grid, { x: 0, y: 0 }, 'End')).toEqual({ x: 2, y: 0 });
  expect(moveCell(grid, { x: 1, y: 1 }, 'PageDown')).toEqual({ x: 1, y: 0 });
  expect(moveCell(grid, { x: 0, y: 0 }, 'Tab')).toBeNull();
});

test('points map to cells, the top being the slowest', () => {
  expect(cellAt(grid, 0, 0)).toEqual({ x: 0, y: 2 });
  expect(cellAt(grid, 0.99, 0.99)).toEqual({ x: 2, y: 0 });
  expect(cellAt(grid, 1, 1)).toEqual({ x: 2, y: 0 });
});
