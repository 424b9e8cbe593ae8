"""Step records for Tailrace from a training loop: one file, no dependency, Python 3.6 or newer.

    from tailrace_steps import Steps
    steps = Steps("steps.jsonl")                  # rank from RANK, SLURM_PROCID or 0
    for batch in steps.data(loader):              # waiting for the loader is the phase "data"
        with steps.phase("forward"):
            loss = model(batch)
        with steps.phase("backward"):
            loss.backward()
        steps.end(tokens=batch.numel())           # writes the line of this step

A GPU works behind the host's back: pass sync=torch.cuda.synchronize to charge each phase with its own work (it
costs overlap). Phases must not nest. When the log cannot be written, recording stops; the loop goes on.
"""
import contextlib, json, os, sys, time
PHASES = ("data", "h2d", "forward", "backward", "optimizer", "comm", "checkpoint", "eval")

class Steps:
    def __init__(self, path, rank=None, job=None, sync=None, start_step=0):
        env = os.environ.get("RANK") or os.environ.get("SLURM_PROCID") or "0"
        self.rank = int(env) if rank is None else rank
        self.job, self.sync, self.step, self.phases = job, sync, start_step, {}
        self.begin = time.perf_counter()
        try:  # Line-buffered: a crash loses one step at most. "{rank}" in the path gives each rank its own file.
            self.file = open(path.replace("{rank}", str(self.rank)), "a", buffering=1)
        except OSError as error:
            self._stop(error)

    def _stop(self, error):
        self.file = None
        print("tailrace_steps: not recording: %s" % error, file=sys.stderr)

    @contextlib.contextmanager
    def phase(self, name):
        if name not in PHASES:
            raise ValueError("phase %r is none of %s" % (name, ", ".join(PHASES)))
        start = time.perf_counter()
        try:
            yield
            if self.sync: self.sync()
        finally:
            self.phases[name] = self.phases.get(name, 0.0) + (time.perf_counter() - start) * 1e3

    def data(self, loader):
        batches, done = iter(loader), object()
        while True:
            with self.phase("data"):
                batch = next(batches, done)
            if batch is done: return
            yield batch

    def end(self, tokens=None, samples=None):
        now = time.perf_counter()
        record = {"ts": round(time.time(), 6), "rank": self.rank, "step": self.step, "stepMs": (now - self.begin) * 1e3}
        record["phaseMs"], self.phases, self.begin, self.step = self.phases, {}, now, self.step + 1
        record.update((k, v) for k, v in (("tokens", tokens), ("samples", samples), ("job", self.job)) if v is not None)
        try:
            if self.file: self.file.write(json.dumps(record, separators=(",", ":")) + "\n")
        except OSError as error:
            self._stop(error)
