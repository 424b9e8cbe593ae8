import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, startPinned, treeOf, waitForPort } from '../processes.ts';
import type { Contender } from './contender.ts';
import { freePort } from './free-port.ts';

/** The limit: a reverse proxy in C, one worker, which knows nothing of what it carries. */
export const nginx: Contender = {
  name: 'nginx',
  does: 'reverse proxy only: no keys, no usage, no records, no log',
  async start(place) {
    const program = findProgram('nginx');
    if (program === null)
      throw new Error('nginx is not installed (Debian: apt-get install nginx-light)');
    const port = await freePort();
    const file = join(place.dir, 'nginx.conf');
    writeFileSync(file, configuration(port, place.upstreamPort, place.dir));
    const started = startPinned([program, '-p', place.dir, '-c', file], { cpus: place.cpus });
    await waitForPort(started, port, 5_000);
    return {
      endpoint: { port, path: '/v1/chat/completions', headers: {} },
      processes: () => ({ serve: treeOf(started.pid), ledger: [] }),
      stop: () => started.stop(),
    };
  },
};

/** Kept-alive both sides, no buffering (each chunk goes on at once), no delay, no disk. */
function configuration(port: number, upstreamPort: number, dir: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${dir}/${name};`)
    .join('\n');
  return `daemon off;
worker_processes 1;
pid ${dir}/nginx.pid;
error_log stderr crit;
events { worker_connections 8192; }
http {
${temporary}
  access_log off;
  tcp_nodelay on;
  keepalive_requests 100000000;
  keepalive_timeout 75s;
  client_body_buffer_size 1m;
  upstream mock {
    server 127.0.0.1:${upstreamPort};
    keepalive 1024;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering on;
      proxy_read_timeout 120s;
    }
  }
}
`;
}
