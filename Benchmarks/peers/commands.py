"""Who competes: the command line tool and the modules in contenders/, as command lines."""

import json
import sys
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Tuple

HERE = Path(__file__).parent
TOOL = HERE.parent.parent / ".build" / "release" / "boltzmann"


@dataclass(frozen=True)
class Contender:
    name: str
    label: str
    module: str = ""
    packages: Tuple[str, ...] = ()
    is_float32_pytorch: bool = False  # one of those whose fastest is called "PyTorch" in the bars
    only_pcd1: bool = False
    does: Tuple[str, ...] = ("train",)
    kind: str = "bernoulli"  # of the visibles that it is written for

    @property
    def is_installed(self):
        return all(find_spec(package) for package in self.packages)


PYTORCH = ("torch",)
CHAINS = ("train", "sample")
EVERYTHING = ("train", "gan", "sample", "anneal")
OURS = Contender("boltzmann", "Boltzmann", does=EVERYTHING)
PEERS = {
    peer.name: peer
    for peer in [
        Contender(
            "scikit-learn", "scikit-learn BernoulliRBM (PCD-1)", "scikit_learn", ("sklearn",), only_pcd1=True),
        Contender("numpy", "numpy float32 loop", "numpy_loop", does=("train", "sample", "anneal")),
        Contender("rbms", "rbms", "rbms_package", ("rbms",)),
        Contender("pytorch-ordinary", "PyTorch, ordinary loop", "pytorch_ordinary", PYTORCH, True, does=CHAINS),
        Contender("pytorch-dense", "PyTorch, tuned dense loop", "pytorch_dense", PYTORCH, True, does=CHAINS),
        Contender("pytorch-rows", "PyTorch, row sums", "pytorch_rows", PYTORCH, True, does=CHAINS),
        Contender(
            "pytorch-bfloat16", "PyTorch, bfloat16 products", "pytorch_bfloat16", PYTORCH, does=CHAINS),
        Contender(
            "softmax-ordinary", "PyTorch, ordinary softmax loop", "pytorch_softmax_ordinary", PYTORCH, True,
            kind="categorical"),
        Contender(
            "softmax-dense", "PyTorch, tuned dense softmax loop", "pytorch_softmax_dense", PYTORCH, True,
            kind="categorical"),
        Contender(
            "softmax-rows", "PyTorch, softmax by row sums", "pytorch_softmax_rows", PYTORCH, True,
            kind="categorical"),
        Contender(
            "gaussian-dense", "PyTorch, tuned dense Gaussian loop", "pytorch_gaussian", PYTORCH, True,
            kind="gaussian"),
        Contender("pytorch-gan", "PyTorch, fused Adam", "pytorch_gan", PYTORCH, True, does=("gan",)),
    ]
}


def train_command(contender, data, settings, epochs, output, start=None, threads=None):
    """Trains into `output`, a folder for the tool and a file else, from scratch or from the `start` of the same kind."""
    if contender is OURS:
        return tool_train_command(data, settings, epochs, output, start, threads)
    command = worker(contender, "train", data, output, "--settings", json.dumps(asdict(settings)))
    command += ["--epochs", str(epochs)]
    return command + (["--start", str(start)] if start else [])


def tool_train_command(data, settings, epochs, output, resumes, threads):
    common = ["--epochs", str(epochs), "--quiet", "--json"] + thread_options(threads)
    if resumes:
        return [str(TOOL), "train", "--resume", str(output)] + common
    bias = "data" if settings.visible_bias_from_data else "zero"
    return [
        str(TOOL), "train", "--data", str(data), "--hidden", str(settings.hidden),
        "--method", settings.method, "--steps", str(settings.steps),
        "--batch-size", str(settings.batch_size), "--learning-rate", str(settings.learning_rate),
        "--momentum", str(settings.momentum), "--l2", "0", "--no-center",
        "--visible-bias-initialization", bias, "--visible-kind", settings.visible_kind, "--no-learn-precision",
        "--output", str(output), "--overwrite",
    ] + common


def gan_command(contender, data, settings, epochs, output, threads=None):
    """Trains both networks; our results come on the standard output, others' in `output`."""
    if contender is not OURS:
        options = ["--settings", json.dumps(asdict(settings)), "--epochs", str(epochs)]
        return worker(contender, "gan", data, output, *options)
    widths = ",".join(map(str, settings.widths))
    return [
        str(TOOL), "gan", "train", "--data", str(data), "--noise", f"normal:{settings.noise}",
        "--generator", widths, "--discriminator", widths, "--batch-size", str(settings.batch_size),
        "--learning-rate", str(settings.learning_rate), "--epochs", str(epochs), "--output", str(output),
        "--overwrite", "--quiet", "--json", *thread_options(threads),
    ]


def evaluate_command(machine, data, *options):
    return [str(TOOL), "evaluate", str(machine), "--data", str(data), "--json", "--quiet", *options]


def sample_command(contender, machine, chains, steps, output, threads=None):
    numbers = ["--steps", str(steps)]
    if contender is OURS:
        return [
            str(TOOL), "sample", str(machine), "--count", str(chains), "--output", str(output), "--quiet",
        ] + numbers + thread_options(threads)
    return worker(contender, "sample", machine, output, "--chains", str(chains)) + numbers


def anneal_command(contender, machine, data, chains, temperatures, schedule, output, threads=None):
    if contender is OURS:
        return evaluate_command(
            machine, data, "--partition", "ais", "--chains", str(chains), "--temperatures", str(temperatures),
            *thread_options(threads))
    return worker(contender, "anneal", machine, output, "--chains", str(chains), "--schedule", str(schedule))


def worker(contender, *arguments):
    return [sys.executable, str(HERE / "worker.py"), contender.module, *map(str, arguments)]


def thread_options(threads):
    return ["--threads", str(threads)] if threads else []
