"""The tasks: what is done, by whom, how a trial is timed, and how it is checked that the work was done.

A trial runs a contender twice, for little and for more of the same work. The difference of the two walls is
the time of the work alone, without starting, importing, compiling and reading.
"""

import json
import shutil
from dataclasses import dataclass, replace

import numpy as np

from commands import (
    OURS, PEERS, anneal_command, evaluate_command, gan_command, sample_command, train_command)

TOLERANCE = 3.0  # nats


@dataclass(frozen=True)
class Check:
    value: float  # what was compared, in nats
    reference: float  # ours
    passes: bool


class Task:
    """`bars` names a peer, or "pytorch" for the fastest float32 PyTorch loop, and how much slower it must be."""

    work = ""  # train, sample or anneal
    unit = ""
    compared = ""

    def __init__(self, name, title, peers, bars):
        self.name, self.title, self.bars = name, title, bars
        self.contenders = [OURS] + [PEERS[peer] for peer in peers]

    def admits(self, contender):
        return self.work in contender.does

    def prepare(self, runner):
        """What has to be there before anyone starts."""

    def check(self, runner, contender):
        raise NotImplementedError

    def trial(self, runner, contender):
        """Seconds of one unit of the work."""
        raise NotImplementedError


class TrainTask(Task):
    """Epochs of training. `skipped`: how many epochs our tool has trained before the clock starts."""

    work = "train"
    unit = "s/epoch"
    compared = "pseudo-log-likelihood"
    tolerance = TOLERANCE
    score_options = ("--partition", "none")
    score_name = "pseudo_log_likelihood"

    def __init__(self, name, title, peers, bars, data, settings, skipped=0, check_epochs=3, seconds=3.0):
        super().__init__(name, title, peers, bars)
        self.data, self.settings, self.skipped = data, settings, skipped
        self.check_epochs, self.seconds = check_epochs, seconds
        self.epochs, self.values = {}, {}

    def admits(self, contender):
        # A contender with its own algorithm can neither go on from our machine nor take more steps.
        return super().admits(contender) and self.has_kind_of(contender) and not (
            contender.only_pcd1 and (self.skipped or self.settings.steps > 1))

    def has_kind_of(self, contender):
        return contender is OURS or contender.kind == self.settings.visible_kind.split(":")[0]

    @property
    def data_description(self):
        return f"{self.data.count:,} × {self.data.width:,}, {self.data.values}"

    def prepare(self, runner):
        self.data = self.data()
        self.base = runner.folder / f"{self.name}-start"
        if self.skipped:
            runner.run(train_command(
                OURS, self.data.path, self.settings, self.skipped, self.base, threads=runner.threads))

    def train(self, runner, contender, epochs, settings=None):
        """Runs `epochs` epochs from the start; the run and the file of the machine."""
        folder = runner.folder / "run"
        start = None
        if contender is OURS:
            output, model, epochs = folder, folder / "model.safetensors", epochs + self.skipped
            if self.skipped:
                shutil.rmtree(folder, ignore_errors=True)
                start = shutil.copytree(self.base, folder)
        else:
            output = model = runner.folder / "model.safetensors"
            if self.skipped:
                start = self.base / "model.safetensors"
        command = train_command(
            contender, self.data.path, settings or self.settings, epochs, output, start, runner.threads)
        return runner.run(command), model

    def check(self, runner, contender):
        """The score on the same 2,000 samples lies at most `tolerance` below ours."""
        short, _ = self.train(runner, contender, 1)
        long, model = self.train(runner, contender, self.check_epochs)
        self.choose_epochs(contender, (long.seconds - short.seconds) / (self.check_epochs - 1))
        value = self.score(runner, model)
        reference = self.reference(runner, contender, value)
        return Check(value, reference, value >= reference - self.tolerance)

    def choose_epochs(self, contender, seconds_per_epoch):
        """As many as fill the time that a trial may take, 1 to 10."""
        wanted = self.seconds / max(seconds_per_epoch, 1e-3)
        self.epochs[contender.name] = int(min(max(round(wanted), 1), 10))

    def reference(self, runner, contender, value):
        """Our value after as many epochs of the same algorithm."""
        algorithm = "pcd1" if contender.only_pcd1 else "own"
        if contender is OURS:
            self.values[algorithm] = value
        elif algorithm not in self.values:
            _, model = self.train(runner, OURS, self.check_epochs, replace(self.settings, method="pcd", steps=1))
            self.values[algorithm] = self.score(runner, model)
        return self.values[algorithm]

    def score(self, runner, model):
        command = evaluate_command(model, self.data.evaluation_path, *self.score_options)
        return json.loads(runner.run(command).output)[self.score_name]

    def trial(self, runner, contender):
        epochs = self.epochs[contender.name]
        short, _ = self.train(runner, contender, 1)
        long, _ = self.train(runner, contender, 1 + epochs)
        return (long.seconds - short.seconds) / epochs


class RealTrainTask(TrainTask):
    """Epochs of training on real values, which have no pseudo-likelihood.

    A reconstruction error would not see how wide a machine's law is. Annealing finds the log-likelihood after the
    few epochs of a check again to 0.3 nats. From seed to seed it scatters by 0.9 (7 trainings of 3 epochs, ours and
    theirs): three standard deviations of a difference are 4 nats. An epoch less costs 11.
    """

    compared = "log-likelihood by annealing"
    tolerance = 4.0
    score_options = ("--partition", "ais", "--temperatures", "3000")
    score_name = "mean_log_likelihood"


class GANTask(Task):
    """Epochs of a generative adversarial network. The discriminator's cost of an epoch is no likelihood, but tells
    whether both networks have learned: it begins near log 4 = 1.39 and falls while the discriminator is ahead."""

    work = "gan"
    unit = "s/epoch"
    compared = "discriminator's cost"
    check_epochs, tolerance = 3, 0.3
    seconds = 3.0

    def __init__(self, name, title, peers, bars, data, settings):
        super().__init__(name, title, peers, bars)
        self.data, self.settings = data, settings
        self.epochs = {}

    @property
    def data_description(self):
        return f"{self.data.count:,} × {self.data.width:,}, {self.data.values}"

    def prepare(self, runner):
        self.data = self.data()

    def train(self, runner, contender, epochs):
        """The run, and the cost of its last epoch."""
        output = runner.folder / "gan"
        run = runner.run(gan_command(
            contender, self.data.path, self.settings, epochs, output, runner.threads))
        last = run.output.splitlines()[-1] if contender is OURS else output.read_text()
        return run, json.loads(last)["discriminator_cost"]

    def check(self, runner, contender):
        """The cost lies within `tolerance` of ours."""
        short, _ = self.train(runner, contender, 1)
        long, value = self.train(runner, contender, self.check_epochs)
        each = (long.seconds - short.seconds) / (self.check_epochs - 1)
        self.epochs[contender.name] = int(min(max(round(self.seconds / max(each, 1e-3)), 1), 10))
        if contender is OURS:
            self.reference = value
        return Check(value, self.reference, abs(value - self.reference) <= self.tolerance)

    def trial(self, runner, contender):
        epochs = self.epochs[contender.name]
        short, _ = self.train(runner, contender, 1)
        long, _ = self.train(runner, contender, 1 + epochs)
        return (long.seconds - short.seconds) / epochs


class MachineTask(Task):
    """Work with a machine that our tool has trained."""

    def __init__(self, name, title, peers, bars, machine, chains, length):
        super().__init__(name, title, peers, bars)
        self.machine, self.chains, self.length = machine, chains, length

    def prepare(self, runner):
        self.machine = self.machine(runner)

    @property
    def data_description(self):
        return self.machine.description


class SampleTask(MachineTask):
    """Block Gibbs sampling; a trial runs five times the length, since one is over too soon."""

    work = "sample"
    unit = "s"
    compared = "mean of −F(v) of the samples"
    repeats = 5

    def sample(self, runner, contender, steps):
        output = runner.folder / "samples.npy"
        command = sample_command(
            contender, self.machine.path, self.chains, steps, output, threads=runner.threads)
        return runner.run(command), output

    def check(self, runner, contender):
        """The samples are as probable as ours: means of −F(v) within 5 standard errors of their difference."""
        _, samples = self.sample(runner, contender, self.length)
        energies = runner.folder / "energies.npy"
        runner.run(evaluate_command(
            self.machine.path, samples, "--partition", "none", "--per-sample", str(energies)))
        values = np.load(energies).astype(float)
        mean, squared_error = values.mean(), values.var() / len(values)
        if contender is OURS:
            self.reference = (mean, squared_error)
        allowed = 5 * np.sqrt(squared_error + self.reference[1])
        passes = bool(abs(mean - self.reference[0]) <= allowed)
        return Check(mean, self.reference[0], passes)

    def trial(self, runner, contender):
        short, _ = self.sample(runner, contender, 1)
        long, _ = self.sample(runner, contender, 1 + self.repeats * self.length)
        return (long.seconds - short.seconds) / self.repeats


class AnnealTask(MachineTask):
    """Annealed importance sampling, from nothing to log Z."""

    work = "anneal"
    unit = "s"
    compared = "log Z"

    def anneal(self, runner, contender, temperatures):
        schedule, output = runner.folder / "schedule.npy", runner.folder / "annealed.json"
        np.save(schedule, annealing_schedule(temperatures))
        run = runner.run(anneal_command(
            contender, self.machine.path, self.machine.samples_path, self.chains, temperatures, schedule, output,
            runner.threads))
        if contender is OURS:
            return run, json.loads(run.output)["log_partition"]["estimate"]
        return run, json.loads(output.read_text())["log_partition"]

    def check(self, runner, contender):
        """log Z lies within 3 nats of ours."""
        _, value = self.anneal(runner, contender, self.length)
        if contender is OURS:
            self.reference = value
        return Check(value, self.reference, abs(value - self.reference) <= TOLERANCE)

    def trial(self, runner, contender):
        short, _ = self.anneal(runner, contender, 1)
        long, _ = self.anneal(runner, contender, self.length)
        return long.seconds - short.seconds


def annealing_schedule(temperatures):
    """As `boltzmann evaluate --temperatures` has it: 14,500 is Salakhutdinov & Murray's, all else is linear."""
    if temperatures != 14_500:
        return np.linspace(0, 1, temperatures + 1)
    parts = [np.linspace(*part, endpoint=False) for part in ((0, 0.5, 500), (0.5, 0.9, 4000), (0.9, 1, 10_000))]
    return np.concatenate(parts + [[1.0]])
