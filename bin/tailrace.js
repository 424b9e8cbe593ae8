#!/usr/bin/env node
// Plain JavaScript for any Node from 20 up: finds a Node that can run Tailrace and hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'main.ts');
// In a clone the sources run as they are; a package holds the bundle (Node strips no types under node_modules).
const entry = existsSync(source) ? source : join(root, 'dist', 'tailrace.js');
const neededMajor = 24;

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  process.argv[1] = entry;
  // Compiled code is kept for the next start, and for the processes that this one starts.
  module.enableCompileCache?.();
  const cache = module.getCompileCacheDir?.();
  if (cache) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
  await import(pathToFileURL(entry).href);
} else {
  runOn(packagedNode());
}

/** The Node 24 that npm installed beside Tailrace as an optional dependency. */
function packagedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    console.error(
      `tailrace needs Node ${neededMajor} or newer; this is ${process.version}, and the package ${name} ` +
        `is not installed (npm leaves it out with --no-optional). Install Node ${neededMajor}, then try again.`,
    );
    process.exit(1);
  }
}

function runOn(node) {
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`tailrace: cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}
