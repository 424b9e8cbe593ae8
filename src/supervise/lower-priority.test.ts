import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const modulePath = join(import.meta.dirname, 'lower-priority.ts');

/** Field 19 of /proc/PID/task/TID/stat is the nice value (proc(5)); the name in field 2 may hold blanks. */
const child = `
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
const { lowerPriority } = await import(${JSON.stringify(modulePath)});
await Promise.all(Array.from({ length: 8 }, () => readFile('/proc/self/stat')));
lowerPriority(7);
const nice = readdirSync('/proc/self/task').map((thread) => {
  const stat = readFileSync('/proc/self/task/' + thread + '/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
});
console.log(JSON.stringify(nice));
`;

test.skipIf(process.platform !== 'linux')('every thread of the process is lowered', async () => {
  const niceHere = Number(
    readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[16],
  );
  const args = ['--input-type=module', '--eval', child];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const nice = JSON.parse(stdout) as number[];
  // The pool of libuv is there by then, and those of V8.
  expect(nice.length).toBeGreaterThan(4);
  expect(new Set(nice)).toEqual(new Set([Math.max(7, niceHere)]));
});
