"""Runs command lines and says how long each took, from outside, and how much memory it had at most."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_megabytes: float
    output: str


class Failed(Exception):
    """A command that did not end well, with the last line that it said."""


class Runner:
    def __init__(self, folder, threads=None):
        self.folder, self.threads = Path(folder), threads
        self.environment = dict(os.environ, PYTHONWARNINGS="ignore")
        if threads:
            for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
                self.environment[name] = str(threads)

    def run(self, command):
        with open(self.folder / "stdout", "w+") as output, open(self.folder / "stderr", "w+") as errors:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=self.environment)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = status  # wait4 has reaped it
            output.seek(0), errors.seek(0)
            if status != 0:
                last = (errors.read().strip().splitlines() or ["no message"])[-1]
                raise Failed(f"{' '.join(map(str, command))}: {last}")
            return Run(seconds, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10), output.read())
