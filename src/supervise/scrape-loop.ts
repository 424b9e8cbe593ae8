import type { Config, EngineConfig } from '../config/schema.ts';
import type { Ledger } from '../measure/ledger/ledger.ts';
import { createScraper, metricsUrlOf } from '../measure/sources/vllm.ts';
import type { Clock } from '../records/clock.ts';
import type { Log } from '../serve/log.ts';

type Scraper = ReturnType<typeof createScraper>;

/** Samples each engine that shows metrics, every `scrapeIntervalMs`; one late engine delays only itself. */
export function runScrapeLoop(
  ledger: Ledger,
  clock: Clock,
  log: Log,
): { update(config: Config): void; stop(): void } {
  const running = new Map<string, { config: string; scraper: Scraper; busy: boolean }>();
  let timer: NodeJS.Timeout | null = null;

  const scrapeAll = (): void => {
    for (const [name, one] of running) {
      if (one.busy) continue;
      one.busy = true;
      void one.scraper
        .scrape()
        .then((sample) => ledger.addSamples([sample]))
        .catch((error: unknown) => {
          log.warn('scrape failed', {
            engine: name,
            error: error instanceof Error ? error.message : '',
          });
        })
        .finally(() => {
          one.busy = false;
        });
    }
  };

  return {
    update(config) {
      const wanted = new Map<string, EngineConfig>();
      for (const engine of config.engines) {
        if (metricsUrlOf(engine) !== null) wanted.set(engine.name, engine);
      }
      for (const name of running.keys()) if (!wanted.has(name)) running.delete(name);
      for (const [name, engine] of wanted) {
        const text = JSON.stringify(engine);
        if (running.get(name)?.config === text) continue;
        running.set(name, {
          config: text,
          scraper: createScraper({ engine, clock, fetch }),
          busy: false,
        });
      }
      if (timer !== null) clearInterval(timer);
      timer = setInterval(scrapeAll, config.scrapeIntervalMs);
    },
    stop() {
      if (timer !== null) clearInterval(timer);
    },
  };
}
