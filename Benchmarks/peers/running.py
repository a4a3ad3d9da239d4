"""Runs command lines and says how long each took, from outside."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    seconds: float
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
        start = time.perf_counter()
        process = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        seconds = time.perf_counter() - start
        if process.returncode != 0:
            last = (process.stderr.strip().splitlines() or ["no message"])[-1]
            raise Failed(f"{' '.join(map(str, command))}: {last}")
        return Run(seconds, process.stdout)
