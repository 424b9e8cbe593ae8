import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roadmapView } from '../../govern/roadmap/roadmap-view.ts';
import { scoreView } from '../../govern/scorecard/score-view.ts';
import { openGovernance } from '../open-governance.ts';
import { openTestControl, type TestControl } from '../test-control.ts';

let control: TestControl;

beforeAll(async () => {
  const base = openTestControl();
  const governance = await openGovernance({ ...base.deps, stateDir: null });
  control = openTestControl({ ...base.deps, governance });
});
afterAll(async () => {
  await control.deps.governance?.close();
  await control.close();
});

const score = async (query = '') =>
  scoreView.parse(await (await control.ask(`/api/v1/score${query}`)).json());

describe('score', () => {
  test('a fresh install has eight categories, nothing proven, and a roadmap of every gap', async () => {
    const view = await score();
    expect(view.categories).toHaveLength(8);
    expect(view).toMatchObject({ claimed: 0, proven: 0, simulated: 0, reading: 'spending-risk' });
    const reply = await control.ask('/api/v1/roadmap');
    const { actions } = roadmapView.parse(await reply.json());
    const unmet = view.categories.flatMap((one) => one.conditions).filter((c) => c.state !== 'met');
    expect(new Set(actions.map((one) => one.condition))).toEqual(new Set(unmet.map((c) => c.id)));
  });
});
