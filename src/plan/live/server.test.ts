import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { simulationReport } from '../../records/simulation.ts';
import { countTokens } from '../../records/token-count.ts';
import { readMetrics, sampleOf, startTestEngine, testConfig } from './live-fixture.ts';
import type { SimulatedEngine } from './server.ts';
import type { SimulatedEngineConfig } from './simulated-config.ts';

const running: SimulatedEngine[] = [];

async function start(config: SimulatedEngineConfig = testConfig()) {
  const engine = await startTestEngine(config);
  running.push(engine);
  const client = new OpenAI({ baseURL: engine.url, apiKey: 'unused', maxRetries: 0 });
  return { engine, client };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.close()));
});

const ask = (words: number, maxTokens: number) => ({
  model: 'any-name',
  messages: [{ role: 'user' as const, content: ' the'.repeat(words) }],
  max_tokens: maxTokens,
  ignore_eos: true,
});

const tailraceOf = (body: object) => simulationReport.parse(Reflect.get(body, 'tailrace'));

describe('with the official OpenAI client', () => {
  it('answers a chat, marked as simulated, with exact token counts', async () => {
    const { client } = await start();
    const { data, response } = await client.chat.completions.create(ask(300, 40)).withResponse();
    expect(response.headers.get('x-tailrace-simulated')).toBe('true');
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'any-name',
      system_fingerprint: 'tailrace-simulated',
      usage: { prompt_tokens: 300, completion_tokens: 40, total_tokens: 340 },
      choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant' } }],
    });
    expect(countTokens(data.choices[0]?.message.content ?? '')).toBe(40);
    const report = tailraceOf(data);
    expect(report.energyWh).toBeGreaterThan(0);
    expect(report.acceleratorSeconds).toBeGreaterThan(0);
    expect(report.decodeMs).toBeGreaterThan(39 * 5);
  });

  it('streams one token a frame, then usage with the report', async () => {
    const { client } = await start();
    const stream = await client.chat.completions.create({
      ...ask(50, 25),
      stream: true,
      stream_options: { include_usage: true },
    });
    const texts: string[] = [];
    const chunks = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      const text = chunk.choices[0]?.delta.content ?? '';
      if (text !== '') texts.push(text);
    }
    expect(texts).toHaveLength(25);
    for (const text of texts) expect(countTokens(text)).toBe(1);
    expect(countTokens(texts.join(''))).toBe(25);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('length');
    const last = chunks.at(-1);
    expect(last?.usage).toEqual({ prompt_tokens: 50, completion_tokens: 25, total_tokens: 75 });
    if (last === undefined) throw new Error('no last chunk');
    expect(tailraceOf(last).simulated).toBe(true);
    expect(chunks.filter((chunk) => 'tailrace' in chunk)).toHaveLength(1);
  });

  it('puts the report into the finish frame when no usage is asked for', async () => {
    const { client } = await start();
    const stream = await client.chat.completions.create({ ...ask(5, 4), stream: true });
    let last;
    for await (const chunk of stream) last = chunk;
    expect(last?.choices[0]?.finish_reason).toBe('length');
    expect(tailraceOf(last ?? {}).simulated).toBe(true);
  });

  it('answers several choices, completions and their streams', async () => {
    const { client } = await start();
    const chat = await client.chat.completions.create({ ...ask(10, 8), n: 3 });
    expect(chat.choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
    expect(new Set(chat.choices.map((choice) => choice.message.content)).size).toBe(3);
    expect(chat.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 24 });

    const prompt = ['one two three', ' the the'];
    const body = { model: 'm', prompt, max_tokens: 6, ignore_eos: true };
    const unary = await client.completions.create(body);
    expect(unary.choices).toHaveLength(2);
    expect(unary.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 12 });

    const stream = await client.completions.create({ ...body, stream: true });
    const texts = ['', ''];
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      if (choice !== undefined) texts[choice.index] += choice.text;
    }
    expect(texts.map(countTokens)).toEqual([6, 6]);
  });

  it('answers embeddings, the same vector for the same text, in both encodings', async () => {
    const { client } = await start();
    const input = ['red', 'blue', 'red'];
    const floats = await client.embeddings.create({ model: 'e', input, encoding_format: 'float' });
    const [red, blue, again] = floats.data.map((one) => one.embedding);
    expect(red).toEqual(again);
    expect(red).not.toEqual(blue);
    expect(red).toHaveLength(4096);
    expect(Math.hypot(...(red ?? []))).toBeCloseTo(1, 5);
    expect(floats.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    expect(tailraceOf(floats).decodeMs).toBe(0);
    // The client asks for base64 by itself and decodes it.
    const decoded = await client.embeddings.create({ model: 'e', input: 'red', dimensions: 64 });
    expect(decoded.data[0]?.embedding).toHaveLength(64);
  });

  it('lists its models and refuses others when they are configured', async () => {
    const { client } = await start({ ...testConfig(), models: ['chat-small'] });
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toEqual(['chat-small']);
    await expect(client.chat.completions.create(ask(1, 1))).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    const known = await client.chat.completions.create({ ...ask(1, 1), model: 'chat-small' });
    expect(known.model).toBe('chat-small');
  });

  it('names the field of a bad request, and the context length', async () => {
    const { client, engine } = await start();
    const tooLong = client.chat.completions.create(ask(10, 1_000_000));
    await expect(tooLong).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
    const post = (body: string, path = '/chat/completions') =>
      fetch(engine.url + path, { method: 'POST', body });
    const missing = await post('{"model":"m"}');
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ error: { param: 'messages' } });
    expect((await post('{"model":')).status).toBe(400);
    expect((await post('{}', '/nowhere')).status).toBe(404);
    expect((await fetch(`${engine.url}/chat/completions`)).status).toBe(405);
  });
});

describe('as an engine under load', () => {
  it('queues beyond its batch limit and fills its KV cache, in vLLM terms', async () => {
    const { client, engine } = await start(testConfig({ maxSequences: 4, speed: 5 }));
    const replies = Array.from({ length: 64 }, () => client.chat.completions.create(ask(200, 20)));
    await replies[0];
    const during = await readMetrics(engine);
    expect(sampleOf(during, 'vllm:num_requests_running')).toBeLessThanOrEqual(4);
    expect(sampleOf(during, 'vllm:num_requests_waiting')).toBeGreaterThan(0);
    expect(sampleOf(during, 'vllm:kv_cache_usage_perc')).toBeGreaterThan(0);
    expect(sampleOf(during, 'tailrace_sim_power_watts')).toBeGreaterThan(70);
    const reports = (await Promise.all(replies)).map(tailraceOf);
    const queuesMs = reports.map((one) => one.queueMs).sort((a, b) => a - b);
    expect(queuesMs.at(-1)).toBeGreaterThan(10 * (reports[0]?.prefillMs ?? 0));

    const after = await readMetrics(engine);
    expect(sampleOf(after, 'vllm:prompt_tokens_total')).toBe(64 * 200);
    expect(sampleOf(after, 'vllm:generation_tokens_total')).toBe(64 * 20);
    const labels = 'engine="0",model_name="llama-3.1-8b"';
    expect(after.get(`vllm:request_success_total{${labels},finished_reason="length"}`)).toBe(64);
    for (const name of ['time_to_first_token', 'e2e_request_latency', 'request_queue_time']) {
      expect(after.get(`vllm:${name}_seconds_count{${labels}}`)).toBe(64);
    }
    expect(after.get(`vllm:inter_token_latency_seconds_count{${labels}}`)).toBe(64 * 19);
    const energyWh = reports.reduce((sum, one) => sum + one.energyWh, 0);
    const meteredJ =
      sampleOf(after, 'tailrace_sim_energy_joules_total') -
      sampleOf(after, 'tailrace_sim_idle_energy_joules_total');
    expect((energyWh * 3600) / meteredJ).toBeCloseTo(1, 6);
    const acceleratorS = reports.reduce((sum, one) => sum + one.acceleratorSeconds, 0);
    expect(acceleratorS / sampleOf(after, 'tailrace_sim_busy_seconds_total')).toBeCloseTo(1, 6);
  });

  it('exports every series that vLLM dashboards and the scraper read', async () => {
    const { engine } = await start();
    const names = [...(await readMetrics(engine)).keys()].map((key) => key.replace(/\{.*/, ''));
    const expected =
      'vllm:num_requests_running vllm:num_requests_waiting vllm:kv_cache_usage_perc ' +
      'vllm:num_preemptions_total vllm:prompt_tokens_total vllm:generation_tokens_total ' +
      'vllm:time_to_first_token_seconds_bucket vllm:inter_token_latency_seconds_sum ' +
      'vllm:e2e_request_latency_seconds_count vllm:request_queue_time_seconds_count ' +
      'vllm:request_prefill_time_seconds_count vllm:request_decode_time_seconds_count ' +
      'vllm:request_success_total vllm:iteration_tokens_total_count vllm:cache_config_info ' +
      'tailrace_sim_info tailrace_sim_busy_seconds_total tailrace_sim_energy_joules_total ' +
      'tailrace_sim_power_watts tailrace_sim_batch_limit tailrace_sim_running_seconds_total ' +
      'tailrace_sim_waiting_seconds_total tailrace_sim_kv_seconds_total';
    for (const name of expected.split(' ')) {
      expect(names).toContain(name);
    }
  });

  it('gives the same texts for the same seed in lockstep, and others for another seed', async () => {
    const texts = async (seed: number): Promise<Array<string | null>> => {
      const { client } = await start(testConfig({ seed, speed: 200 }));
      const out: Array<string | null> = [];
      for (let i = 0; i < 4; i += 1) {
        const { model, messages } = ask(20 + i, 1);
        const reply = await client.chat.completions.create({ model, messages, max_tokens: 300 });
        out.push(reply.choices[0]?.message.content ?? null);
      }
      return out;
    };
    const first = await texts(5);
    expect(new Set(first).size).toBe(4);
    expect(await texts(5)).toEqual(first);
    expect(await texts(6)).not.toEqual(first);
  });

  it("follows the client's own seed whatever else runs", async () => {
    const { client } = await start(testConfig({ speed: 200 }));
    const reply = async () =>
      client.chat.completions.create({ ...ask(9, 30), ignore_eos: false, seed: 77 } as never);
    const [one, two] = [await reply(), await reply()].map((body: object) =>
      JSON.stringify(Reflect.get(body, 'choices')),
    );
    expect(one).toBe(two);
  });

  it('frees place and KV when the client goes away, waiting or running', async () => {
    const { client, engine } = await start(testConfig({ maxSequences: 1, speed: 1 }));
    const abort = new AbortController();
    const open = async () => {
      const body = { ...ask(50, 5000), stream: true as const };
      return client.chat.completions.create(body, { signal: abort.signal });
    };
    const streams = [await open(), await open()];
    await streams[0]?.[Symbol.asyncIterator]().next();
    const during = await readMetrics(engine);
    expect(sampleOf(during, 'vllm:num_requests_running')).toBe(1);
    expect(sampleOf(during, 'vllm:num_requests_waiting')).toBe(1);
    abort.abort();
    await expect
      .poll(async () => {
        const now = await readMetrics(engine);
        const names = ['num_requests_running', 'num_requests_waiting', 'kv_cache_usage_perc'];
        return names.map((name) => sampleOf(now, `vllm:${name}`));
      })
      .toEqual([0, 0, 0]);
    const labels = 'engine="0",model_name="llama-3.1-8b",finished_reason="abort"';
    expect((await readMetrics(engine)).get(`vllm:request_success_total{${labels}}`)).toBe(2);
  });

  it('spreads over replicas when there are more accelerators than one replica needs', async () => {
    const { client, engine } = await start(
      testConfig({ maxSequences: 2 }, { count: 4, tensorParallel: 2 }),
    );
    expect(sampleOf(await readMetrics(engine), 'tailrace_sim_batch_limit')).toBe(4);
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => client.chat.completions.create(ask(20, 10))),
    );
    for (const reply of replies) {
      const { queueMs, decodeMs } = tailraceOf(reply);
      expect(queueMs).toBeLessThan(decodeMs);
    }
  });
});

describe('configuration', () => {
  it('names the field that cannot be simulated', async () => {
    for (const [config, message] of [
      [testConfig({}, { accelerator: 'abacus' }), /hardware.accelerator.*abacus/],
      [testConfig({}, { model: 'llama-3.1-70b' }), /141\.1 GB/],
      [testConfig({}, { count: 3, tensorParallel: 2 }), /hardware.count/],
      [testConfig({}, { accelerator: 'tpu-v5e', count: 4, tensorParallel: 4 }), /TDP/],
    ] as const) {
      await expect(startTestEngine(config)).rejects.toThrow(message);
    }
  });
});
