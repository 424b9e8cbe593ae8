import cluster from 'node:cluster';
import { fork, type ChildProcess } from 'node:child_process';
import type { Log } from '../serve/log.ts';
import type { News, Order, Role } from './messages.ts';

/** One supervised process slot: the process in it may die and be replaced, the slot stays. */
export interface Child {
  readonly slot: string;
  readonly role: Role;
  readonly pid: number | null;
  readonly up: boolean;
  readonly startedAtMs: number | null;
  readonly restarts: number;
  send(order: Order): void;
  /** Orders it to stop; kills it after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildOptions {
  slot: string;
  role: Role;
  /** JavaScript or TypeScript file that the child runs. */
  entry: string;
  log: Log;
  onNews: (news: News, child: Child) => void;
  /** The process ended without having been told to; it will be started again. */
  onDown: (child: Child) => void;
}

const backoffMinMs = 100;
const backoffMaxMs = 5_000;
/** A process that lived this long starts the backoff anew. */
const stableMs = 10_000;

export function startChild(options: ChildOptions): Child {
  return new Slot(options);
}

class Slot implements Child {
  readonly slot: string;
  readonly role: Role;
  restarts = 0;
  startedAtMs: number | null = null;
  #process: ChildProcess | null = null;
  #stopping = false;
  #backoffMs = backoffMinMs;
  #restart: NodeJS.Timeout | null = null;
  #gone: (() => void) | null = null;
  readonly #options: ChildOptions;

  constructor(options: ChildOptions) {
    this.slot = options.slot;
    this.role = options.role;
    this.#options = options;
    this.#start();
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get up(): boolean {
    return this.#process !== null;
  }

  send(order: Order): void {
    // A child that is going down cannot be told anything; its successor gets the newest snapshot.
    if (this.#process?.connected === true) this.#process.send(order, () => {});
  }

  stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const running = this.#process;
    if (running === null) return Promise.resolve();
    this.send({ type: 'stop' });
    const kill = setTimeout(() => running.kill('SIGKILL'), graceMs);
    return new Promise((resolve) => {
      this.#gone = () => {
        clearTimeout(kill);
        resolve();
      };
    });
  }

  #start(): void {
    const env = { TAILRACE_ROLE: this.role, TAILRACE_SLOT: this.slot };
    const child =
      this.role === 'worker'
        ? cluster.fork(env).process
        : fork(this.#options.entry, [], { env: { ...process.env, ...env } });
    this.#process = child;
    this.startedAtMs = Date.now();
    child.on('message', (news: News) => {
      // node:cluster sends messages of its own over the same channel.
      if (typeof news === 'object' && news !== null && 'type' in news) {
        this.#options.onNews(news, this);
      }
    });
    child.on('error', (error) =>
      this.#options.log.error('child error', { slot: this.slot, error: error.message }),
    );
    child.on('exit', (code, signal) => this.#ended(code, signal));
  }

  #ended(code: number | null, signal: string | null): void {
    const livedMs = Date.now() - (this.startedAtMs ?? 0);
    this.#process = null;
    this.startedAtMs = null;
    if (this.#stopping) {
      this.#gone?.();
      return;
    }
    this.#options.log.error('process died, starting it again', { slot: this.slot, code, signal });
    this.#options.onDown(this);
    this.#backoffMs =
      livedMs > stableMs ? backoffMinMs : Math.min(backoffMaxMs, this.#backoffMs * 2);
    this.#restart = setTimeout(() => {
      this.restarts += 1;
      this.#start();
    }, this.#backoffMs);
  }
}
