import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPinned, treeOf, waitForPort } from '../processes.ts';
import { MODEL } from '../wire.ts';
import type { Contender } from './contender.ts';
import { freePort } from './free-port.ts';
import { peerFile } from './peers-folder.ts';

/** LiteLLM's proxy from PyPI, one worker, without a database. */
export const litellm: Contender = {
  name: 'litellm',
  does: 'one master key, usage and cost per request in memory; no database, so no records',
  async start(place) {
    const program = peerFile('litellm', 'venv', 'bin', 'litellm');
    const port = await freePort();
    const file = join(place.dir, 'litellm.yaml');
    writeFileSync(file, configuration(place.upstreamPort));
    const args = ['--config', file, '--host', '127.0.0.1', '--port', String(port)];
    const started = startPinned([program, ...args, '--num_workers', '1'], {
      cpus: place.cpus,
      cwd: place.dir,
      env: {
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        LITELLM_LOG: 'ERROR',
        LITELLM_TELEMETRY: 'False',
        NO_DOCS: 'True',
      },
    });
    await waitForPort(started, port, 90_000);
    return {
      endpoint: {
        port,
        path: '/v1/chat/completions',
        headers: { authorization: 'Bearer sk-bench' },
      },
      processes: () => ({ serve: treeOf(started.pid), ledger: [] }),
      stop: () => started.stop(),
    };
  },
};

/** JSON is YAML. */
function configuration(upstreamPort: number): string {
  return JSON.stringify({
    model_list: [
      {
        model_name: MODEL,
        litellm_params: {
          model: `openai/${MODEL}`,
          api_base: `http://127.0.0.1:${upstreamPort}/v1`,
          api_key: 'bench',
        },
      },
    ],
    general_settings: { master_key: 'sk-bench' },
    litellm_settings: { telemetry: false },
  });
}
