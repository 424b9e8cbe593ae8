import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Endpoint } from './client.ts';
import { findProgram } from './processes.ts';

export interface WrkResult {
  requests: number;
  seconds: number;
  failed: number;
}

const CONNECTIONS = 32;

/** Closed-loop load by wrk: as many requests as 32 connections get through. */
export async function runWrk(
  endpoint: Endpoint,
  body: string,
  { seconds, dir }: { seconds: number; dir: string },
): Promise<WrkResult> {
  const program = findProgram('wrk');
  if (program === null) throw new Error('wrk is not installed (Debian: apt-get install wrk)');
  const script = join(dir, 'wrk.lua');
  writeFileSync(script, luaScript(endpoint, body));
  const url = `http://127.0.0.1:${endpoint.port}${endpoint.path}`;
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${Math.max(1, Math.round(seconds))}s`];
  const { stdout } = await promisify(execFile)(program, [...args, '-s', script, url]);
  const line = /^RESULT (\d+) (\d+) (\d+)$/m.exec(stdout);
  if (line === null) throw new Error(`wrk said: ${stdout.slice(-500)}`);
  return { requests: Number(line[1]), seconds: Number(line[2]) / 1e6, failed: Number(line[3]) };
}

function luaScript(endpoint: Endpoint, body: string): string {
  const headers = { 'content-type': 'application/json', ...endpoint.headers };
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  return `wrk.method = "POST"
wrk.body = [==[${body}]==]
${lines.join('\n')}
done = function(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, failed))
end
`;
}
