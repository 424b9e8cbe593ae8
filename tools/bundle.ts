import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Bundles the server for the published package: Node strips no types under node_modules. Dependencies stay outside,
 * npm installs them; the built console is copied beside the bundle.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const external = Object.keys(manifest.dependencies);
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const build = await rolldown({
  input: {
    tailrace: join(root, 'src', 'main.ts'),
    // Started by its name beside the bundle: worker threads of the planner.
    'evaluate-worker': join(root, 'src', 'plan', 'search', 'evaluate-worker.ts'),
    'timeline-worker': join(root, 'src', 'measure', 'timeline', 'timeline-worker.ts'),
  },
  platform: 'node',
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
});
await build.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: false,
});
await build.close();

// Data that is read as it is, beside the code that reads it.
cpSync(join(root, 'src', 'govern', 'scorecard', 'criteria.yaml'), join(dist, 'criteria.yaml'));

const console_ = join(root, 'console', 'dist');
if (existsSync(console_)) cpSync(console_, join(dist, 'console'), { recursive: true });
