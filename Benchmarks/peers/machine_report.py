"""The machine and the versions of all that ran, with the library behind each one's products."""

import json
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ["numpy", "scipy", "scikit-learn", "torch", "rbms"]


def conditions(runner, run_folder):
    import numpy
    import torch
    from threadpoolctl import threadpool_info

    return {
        "date": date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": runner.threads or os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: installed(name) for name in PACKAGES},
        "boltzmann": json.loads((run_folder / "run.json").read_text())["versions"],
        "numpy_products": [
            f"OpenBLAS {pool['version']}, {pool['architecture']}"
            for pool in threadpool_info() if pool["internal_api"] == "openblas"][:1],
        "torch_products": torch_products(torch),
    }


def processor():
    try:
        listing = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return platform.processor()
    fields = dict(line.split(":", 1) for line in listing.splitlines() if ":" in line)
    return fields.get("Model name", "unknown").strip()


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def torch_products(torch):
    """The lines of torch's configuration that name its libraries for products."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    return [line for line in lines if line.startswith(("Intel(R)", "CPU capability"))]
