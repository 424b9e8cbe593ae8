import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { interviewQuestions } from '../../src/govern/scorecard/interview.ts';
import { shippedCriteria } from '../../src/govern/scorecard/load-criteria.ts';
import { scoreView, type ScoreView } from '../../src/govern/scorecard/score-view.ts';
import { openGovernance } from '../../src/api/open-governance.ts';
import { openTestControl } from '../../src/api/test-control.ts';
import { defaultLoaded } from '../../src/config/load.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const dir = mkdtempSync(join(tmpdir(), 'tailrace-interview-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const questions = interviewQuestions(shippedCriteria());
/** `script` of util-linux gives a program a terminal of its own; other systems have another one. */
const hasScript = (spawnSync('script', ['--version']).stdout?.toString() ?? '').includes(
  'util-linux',
);

const ENTER = '\r';
const DOWN = '\u001B[B';

/** The second category is known with a document for each; elsewhere every third is a bare yes, every fifth a no. */
function answerOf(i: number): { answer: 'yes' | 'no' | 'unknown'; document: string } {
  const question = questions[i];
  if (question?.category === 'finops') return { answer: 'yes', document: 'https://docs.example/a' };
  if (question?.category === 'data') return { answer: 'yes', document: './evidence.txt' };
  if (i % 3 === 0) return { answer: 'yes', document: '' };
  return { answer: i % 5 === 0 ? 'no' : 'unknown', document: '' };
}

/** Types `keys` whenever the next prompt is there; resolves to what the program wrote on standard output. */
function runInTerminal(
  command: string,
  prompts: ReadonlyArray<{ until: string; keys: string }>,
): Promise<{ code: number; screen: string }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no prompt "${waiting[0]?.until}" in:\n${screen.slice(-2000)}`));
      child.kill();
    }, 50_000);
    const child = spawn('script', ['-qfec', `stty cols 200 rows 50; ${command}`, '/dev/null'], {
      cwd: dir,
      env: { ...process.env, TERM: 'xterm', COLUMNS: '200', TAILRACE_DATA: join(dir, 'state') },
    });
    let screen = '';
    let unread = 0;
    const waiting = [...prompts];
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      const [next] = waiting;
      if (next === undefined) return;
      const at = screen.indexOf(next.until, unread);
      if (at < 0) return;
      unread = at + next.until.length;
      waiting.shift();
      child.stdin.write(next.keys);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (waiting.length > 0) reject(new Error(`never asked: ${waiting[0]?.until}\n${screen}`));
      else resolve({ code: code ?? -1, screen });
    });
  });
}

/** A line ends where the terminal wraps it, so only the beginning of a question is waited for. */
const keysOf = { yes: DOWN + DOWN, no: DOWN, unknown: '' } as const;

function script(): Array<{ until: string; keys: string }> {
  return [
    { until: 'Who answers?', keys: `grace${ENTER}` },
    ...questions.flatMap((_, i) => {
      const { answer, document } = answerOf(i);
      const asked = { until: `${i + 1}/${questions.length}  `, keys: keysOf[answer] + ENTER };
      return answer === 'yes'
        ? [asked, { until: 'Link or file', keys: document + ENTER }]
        : [asked];
    }),
  ];
}

/** Scores without what differs from run to run: times and ids. */
const essence = ({ claimed, proven, simulated, categories }: ScoreView): unknown => ({
  claimed,
  proven,
  simulated,
  categories: categories.map((one) => ({
    id: one.id,
    levels: [one.claimed, one.proven, one.simulated],
    conditions: one.conditions.map(({ id, state, grade }) => ({ id, state, grade })),
  })),
});

test.skipIf(!hasScript)(
  'the interview in a terminal gives the score that the same answers give over the API',
  async () => {
    writeFileSync(join(dir, 'evidence.txt'), 'lineage of our models');
    const out = join(dir, 'score.json');
    const command = `${process.execPath} ${main} score --interview --json > ${out}`;
    const { code } = await runInTerminal(command, script());
    expect(code).toBe(3);
    const inTerminal = scoreView.parse(JSON.parse(readFileSync(out, 'utf8')));

    const overApi = await answeredOverApi();
    expect(essence(inTerminal)).toEqual(essence(overApi));
    const levels = new Map(inTerminal.categories.map((one) => [one.id, one]));
    expect(levels.get('finops')).toMatchObject({ claimed: 1, proven: 1, simulated: 1 });
    expect(levels.get('data')).toMatchObject({ claimed: 1, proven: 1 });
    expect(Math.max(...inTerminal.categories.map((one) => one.claimed))).toBe(1);
    expect(inTerminal.proven).toBe(2);
  },
  60_000,
);

async function answeredOverApi(): Promise<ScoreView> {
  const { config } = defaultLoaded();
  const base = openTestControl({ config: () => config });
  const keys = { list: () => [] };
  const governance = await openGovernance({ ...base.deps, keys, stateDir: null });
  const control = openTestControl({ config: () => config, governance });
  const ask = async (method: string, path: string, body: string, type: string) =>
    (
      await control.ask(path, { method, body, headers: { 'content-type': type } })
    ).json() as Promise<Record<string, unknown>>;
  const kept = await ask(
    'PUT',
    '/api/v1/evidence/documents?name=evidence.txt',
    'lineage of our models',
    'application/octet-stream',
  );
  const answers = questions.map(({ condition }, i) => {
    const { answer, document } = answerOf(i);
    const isFile = document.startsWith('./');
    return {
      condition,
      answer,
      document:
        document === ''
          ? null
          : {
              title: document,
              link: isFile ? null : document,
              sha256: isFile ? kept['sha256'] : null,
            },
    };
  });
  const body = JSON.stringify({ person: 'grace', answers });
  const score = await ask('POST', '/api/v1/score/interview', body, 'application/json');
  await governance.close();
  await control.close();
  await base.close();
  return scoreView.parse(score);
}

test.skipIf(!hasScript)(
  'whoever stops keeps what was answered',
  async () => {
    const out = join(dir, 'stopped.json');
    const command = `${process.execPath} ${main} score --interview --json > ${out}`;
    const [name, first] = script();
    if (name === undefined || first === undefined) throw new Error('no questions');
    const { screen } = await runInTerminal(command, [
      name,
      { ...first, keys: keysOf.no + ENTER },
      { until: `2/${questions.length}  `, keys: '\u0003' },
    ]);
    expect(screen).toContain('The 1 answers until here are kept');
  },
  60_000,
);

test('without a terminal it says what to do instead', () => {
  const run = spawnSync(process.execPath, [main, 'score', '--interview'], { cwd: dir });
  expect(run.status).toBe(2);
  expect(run.stderr.toString()).toContain('/api/v1/score/interview');
});
