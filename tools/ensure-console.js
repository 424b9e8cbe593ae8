// Builds the console if it is not built, or older than its sources. Plain JavaScript: it runs before anything else.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'console', 'dist', 'index.html');

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

const sources = ['src', 'index.html', 'vite.config.ts', 'package.json'].map((name) =>
  join(root, 'console', name),
);
const wanted = Math.max(...sources.filter((path) => existsSync(path)).map(newestMs));
if (!existsSync(built) || statSync(built).mtimeMs < wanted) {
  console.log('building the console ...');
  const run = spawnSync('npm', ['run', 'build', '--silent', '-w', 'console'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    // The gateway and the API work without it; say so and go on.
    console.error('the console could not be built; starting without it');
  }
}
