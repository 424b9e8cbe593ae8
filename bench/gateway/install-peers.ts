/**
 * Installs the peers of the gateway benches into bench/peers/, which git ignores: `node
 * bench/gateway/install-peers.ts [portkey] [litellm] [smg]`. A peer that cannot be had is reported; the bench
 * then says that it was not run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from './contenders/peers-folder.ts';

const INSTALL_MS = 900_000;

const run = (program: string, args: string[], cwd: string): void => {
  execFileSync(program, args, { cwd, stdio: 'inherit', timeout: INSTALL_MS });
};

/** A plain install of Portkey 1.15.2 fails on streaming; the overrides are the versions it was built with. */
function installPortkey(dir: string): void {
  const manifest = {
    private: true,
    dependencies: { '@portkey-ai/gateway': '1.15.2' },
    overrides: { '@hono/node-server': '1.14.1', '@hono/node-ws': '1.2.0' },
  };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest, null, 2));
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], dir);
}

const installPython = (requirement: string) => (dir: string) => {
  run('python3', ['-m', 'venv', 'venv'], dir);
  run(join(dir, 'venv', 'bin', 'pip'), ['install', '--quiet', requirement], dir);
};

const installers: Record<string, (dir: string) => void> = {
  portkey: installPortkey,
  litellm: installPython('litellm[proxy]==1.108.7'),
  smg: installPython('smg==1.13.0'),
};

const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? Object.keys(installers) : asked) {
  const install = installers[name];
  if (install === undefined) {
    process.stderr.write(
      `no such peer: ${name}; there are ${Object.keys(installers).join(', ')}\n`,
    );
    process.exitCode = 2;
    continue;
  }
  const dir = join(PEERS, name);
  mkdirSync(dir, { recursive: true });
  try {
    install(dir);
    process.stdout.write(`${name}: installed\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${name}: not installed: ${reason}\n`);
    process.exitCode = 1;
  }
}
