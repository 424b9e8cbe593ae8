import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statedErrors } from './llmservingsim-summary.ts';
import { validateLlmServingSim } from './llmservingsim.ts';

const fixture = join(import.meta.dirname, '../../../test/fixtures/planning/llmservingsim');
const RUN = 'bench/RTX4090/Llama-3.1-8B';
const NOTHING: ReadonlySet<string> = new Set();

describe('the real vLLM run on an RTX 4090', () => {
  it('comes out within 0.9 % at the mean and every percentile', async () => {
    const { rows } = await validateLlmServingSim(fixture, NOTHING);
    expect(rows).toHaveLength(15);
    for (const { metric, stat, errorPct, limitPct, pass } of rows) {
      expect(errorPct, `${metric} ${stat}`).toBeLessThan(0.9);
      expect(limitPct).toBe(1.5);
      expect(pass).toBe(true);
    }
  });

  it('is left out, and counted, when a calibration has seen it', async () => {
    const { rows, notes } = await validateLlmServingSim(fixture, new Set(['RTX4090/Llama-3.1-8B']));
    expect(rows).toEqual([]);
    expect(notes).toEqual(['RTX4090/Llama-3.1-8B: seen by calibration, left out']);
  });
});

describe('altered copies', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'validate-'));
    cpSync(fixture, dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const edit = (file: string, change: (text: string) => string): void => {
    const path = join(dir, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const errorOf = async (): Promise<string> => {
    try {
      await validateLlmServingSim(dir, NOTHING);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return 'no error';
  };

  it('fail when the accelerator was 5 % slower than its tables (canary)', async () => {
    edit(`${RUN}/vllm/requests.jsonl`, (text) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const row: Record<string, number> = JSON.parse(line);
          const stretched = (ts: number | undefined, from = 0) => from + 1.05 * ((ts ?? 0) - from);
          const queued = row['queued_ts'];
          row['last_token_ts'] = stretched(row['last_token_ts'], queued);
          return JSON.stringify(row);
        })
        .join('\n'),
    );
    const { rows } = await validateLlmServingSim(dir, NOTHING);
    expect(rows.filter((row) => !row.pass).length).toBeGreaterThan(5);
  });

  it('take KV blocks from memory and shape where the log does not name them', async () => {
    edit(`${RUN}/vllm/meta.json`, (text) => {
      const { kv_cache: _, resolved_config: __, ...meta } = JSON.parse(text);
      return JSON.stringify(meta);
    });
    const { rows } = await validateLlmServingSim(dir, NOTHING);
    for (const { metric, stat, errorPct } of rows) {
      expect(errorPct, `${metric} ${stat}`).toBeLessThan(1.5);
    }
  });

  it('run two ranks with experts in lockstep, slower than tables alone when the link is slow', async () => {
    // The dense profile under the name of a mixture, with the published expert times of another card.
    const config = JSON.parse(readFileSync(join(dir, RUN, 'config.json'), 'utf8'));
    const [instance] = config.nodes[0].instances;
    instance.model_name = 'Qwen/Qwen3-30B-A3B';
    instance.npu_mem.mem_size = 96;
    const rank = { ...instance, ep_size: 2, dp_group: 'A' };
    config.nodes[0].instances = [rank, rank];
    const profile = join(dir, 'profiler/RTX4090/Qwen/Qwen3-30B-A3B');
    cpSync(join(dir, 'profiler/RTX4090/meta-llama/Llama-3.1-8B'), profile, { recursive: true });
    writeFileSync(
      join(profile, 'bf16/tp1/moe.csv'),
      'tokens,activated_experts,time_us\n1,8,50\n64,8,71\n64,128,828\n2048,8,578\n2048,128,1067\n',
    );
    edit(`${RUN}/vllm/meta.json`, (text) => {
      const { kv_cache: _, ...meta } = JSON.parse(text);
      return JSON.stringify(meta);
    });
    const tpot = async (linkBw: number): Promise<number> => {
      writeFileSync(join(dir, RUN, 'config.json'), JSON.stringify({ ...config, link_bw: linkBw }));
      const { rows } = await validateLlmServingSim(dir, NOTHING);
      return rows.find((row) => row.metric === 'tpotMs' && row.stat === 'p50')?.predicted ?? 0;
    };
    const fast = await tpot(900);
    expect(fast).toBeGreaterThan(0);
    expect(await tpot(1)).toBeGreaterThan(1.2 * fast);
  });

  const withInstances = (
    change: (instance: Record<string, unknown>) => Array<Record<string, unknown>>,
  ): void =>
    edit(`${RUN}/config.json`, (text) => {
      const config = JSON.parse(text);
      config.nodes[0].instances = change(config.nodes[0].instances[0]);
      return JSON.stringify(config);
    });

  it('prefill and decode apart: the first token is faster than where both share steps, and never before its arrival', async () => {
    withInstances((one) => [
      { ...one, pd_type: 'decode' },
      { ...one, pd_type: 'prefill' },
    ]);
    const { rows } = await validateLlmServingSim(dir, NOTHING);
    const ttft = rows.filter((row) => row.metric === 'ttftMs');
    for (const { predicted, measured } of ttft) {
      expect(predicted).toBeGreaterThan(0);
      expect(predicted).toBeLessThan(measured ?? 0);
    }
    withInstances((one) => [{ ...one, pd_type: 'prefill' }]);
    expect(await errorOf()).toMatch(/pd_type/);
  });

  it('score what can be read, and fail by name what cannot', async () => {
    cpSync(join(dir, RUN), join(dir, 'bench/H900/Llama-3.1-8B'), { recursive: true });
    edit('bench/H900/Llama-3.1-8B/config.json', (text) => text.replace('RTX4090', 'H900'));
    const { rows, notes } = await validateLlmServingSim(dir, NOTHING);
    expect(rows).toHaveLength(16);
    expect(rows.filter((row) => !row.pass).map((row) => `${row.run} ${row.metric}`)).toEqual([
      'H900/Llama-3.1-8B answered',
    ]);
    expect(notes.join()).toMatch(/H900.*no profile of this model on this accelerator/);
  });

  it('use the shipped table where no profile is given, the arguments of the engine where no configuration is', async () => {
    rmSync(join(dir, 'profiler'), { recursive: true });
    rmSync(join(dir, RUN, 'config.json'));
    const { rows, notes } = await validateLlmServingSim(dir, NOTHING);
    expect(rows.every((row) => row.pass)).toBe(true);
    expect(notes.join()).toMatch(/the table that the product ships/);
  });

  it('name the degree of tensor parallelism that was not measured', async () => {
    withInstances((one) => [{ ...one, hardware: 'RTX4090', tp_size: 4 }]);
    expect(await errorOf()).toMatch(/tp4: not measured; tp1 is/);
  });

  it('leave out requests without times or reply, and count them', async () => {
    edit(`${RUN}/vllm/requests.jsonl`, (text) =>
      text
        .replace('"output_toks": 531', '"output_toks": 0')
        .replace(/"first_token_ts": [\d.]+, (?=.*\n$)/, '"first_token_ts": null, '),
    );
    const { notes } = await validateLlmServingSim(dir, NOTHING);
    expect(notes.join()).toMatch(/29[89] requests, [12] without times or reply left out/);
  });

  it('are refused with the file, the line and the field', async () => {
    edit(`${RUN}/vllm/requests.jsonl`, (text) =>
      text.replace('"output_toks": 769', '"output_toks": -1'),
    );
    expect(await errorOf()).toMatch(/requests\.jsonl: line 2: output_toks/);
  });

  it('are refused when a profile is missing or holds no number', async () => {
    const dense = 'profiler/RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1/dense.csv';
    edit(dense, (text) => text.replace(/^act_fn,1,.*$/m, 'act_fn,1,NaN'));
    expect(await errorOf()).toMatch(/line 2: time_us: "NaN" is not a number/);
    rmSync(join(dir, dense));
    expect(await errorOf()).toMatch(/dense\.csv: cannot be read/);
  });

  it('are refused when the catalog has no such model, or the weights leave no room', async () => {
    edit(`${RUN}/config.json`, (text) => text.replace('meta-llama/Llama-3.1-8B', 'nobody/none'));
    expect(await errorOf()).toMatch(/model_name: the catalog has no model "nobody\/none"/);
  });
});

describe('published summaries', () => {
  it('are read line by line, whatever else they hold', () => {
    const errors = statedErrors(
      'Metric vLLM Sim\nTTFT Median  1.0  0.8  -21.8%\nLatency P99 1 1 +0.4%\n',
    );
    expect([...errors]).toEqual([
      ['ttftMs p50', 21.8],
      ['e2eMs p99', 0.4],
    ]);
  });
});
