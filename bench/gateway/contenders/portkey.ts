import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPinned, treeOf, waitForPort } from '../processes.ts';
import type { Contender } from './contender.ts';
import { freePort } from './free-port.ts';
import { peerFile } from './peers-folder.ts';

/** It listens on every interface and has no option for that; this keeps it on loopback. */
const LOOPBACK = `import net from 'node:net';
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number'
    ? listen.call(this, { port, host: '127.0.0.1' }, rest.find((one) => typeof one === 'function'))
    : listen.call(this, port, ...rest);
};
`;

/** Portkey's gateway from npm, the other TypeScript gateway; the same Node, in production mode. */
export const portkey: Contender = {
  name: 'portkey',
  does: 'routing by headers; no keys of its own, no records',
  async start(place) {
    const entry = peerFile(
      'portkey',
      'node_modules',
      '@portkey-ai',
      'gateway',
      'build',
      'start-server.js',
    );
    const port = await freePort();
    const loopback = join(place.dir, 'loopback.mjs');
    writeFileSync(loopback, LOOPBACK);
    const command = [process.execPath, '--import', loopback, entry, `--port=${port}`, '--headless'];
    const started = startPinned(command, {
      cpus: place.cpus,
      cwd: place.dir,
      env: { NODE_ENV: 'production' },
    });
    await waitForPort(started, port, 20_000);
    return {
      endpoint: {
        port,
        path: '/v1/chat/completions',
        headers: {
          authorization: 'Bearer bench',
          'x-portkey-provider': 'openai',
          'x-portkey-custom-host': `http://127.0.0.1:${place.upstreamPort}/v1`,
        },
      },
      processes: () => ({ serve: treeOf(started.pid), ledger: [] }),
      stop: () => started.stop(),
    };
  },
};
