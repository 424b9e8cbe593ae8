import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process that is killed and started again, and the lines that it printed before each end. */
export class Victim {
  readonly name: string;
  kills = 0;
  readonly #script: string;
  readonly #args: () => string[];
  readonly #onLines: (lines: string[]) => void;
  #child: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #spoke: Promise<void> = Promise.resolve();

  constructor(
    name: string,
    script: string,
    args: () => string[],
    onLines: (lines: string[]) => void,
  ) {
    this.name = name;
    this.#script = join(import.meta.dirname, script);
    this.#args = args;
    this.#onLines = onLines;
  }

  start(): void {
    const child = spawn(process.execPath, [this.#script, ...this.#args()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    let speak = (): void => {};
    this.#spoke = new Promise((resolve) => (speak = resolve));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      // What has no newline was cut off by a kill, or goes on in the next piece.
      rest = lines.pop() ?? '';
      if (lines.length > 0) speak();
      this.#onLines(lines);
    });
    this.#child = child;
    this.#ended = once(child, 'close');
  }

  /** True while it runs: a victim that ended by itself is a fault that a restart must not hide. */
  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves at its first line since it was started, or at its end. */
  async atWork(): Promise<void> {
    await Promise.race([this.#spoke, this.#ended]);
  }

  /** Resolves once it is gone and all that it printed was seen. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
    if (signal === 'SIGKILL') this.kills += 1;
  }
}
