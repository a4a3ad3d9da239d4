"""The data of the tasks as NPY in a cache folder, bytes but for real values; the same ones every time."""

import gzip
from pathlib import Path

import numpy as np

EVALUATION_SAMPLES = 2000


class Data:
    """A named data set: `path` holds all of it, `evaluation_path` the 2,000 samples that everybody is scored on."""

    def __init__(self, folder, name, make, values=None):
        """`values`: what they are; zeros and ones where nothing is said."""
        self.path = Path(folder) / f"{name}.npy"
        self.evaluation_path = Path(folder) / f"{name}-evaluation.npy"
        if not self.evaluation_path.exists():
            samples = make()
            np.save(self.path, samples)
            spread = np.linspace(0, len(samples) - 1, min(EVALUATION_SAMPLES, len(samples))).astype(int)
            np.save(self.evaluation_path, samples[spread])
        shape = np.load(self.path, mmap_mode="r").shape
        self.count, self.width = shape
        self.values = values or f"{100 * float(np.load(self.evaluation_path).mean()):.1f} % ones"


def mnist(folder, count):
    """The first training images, on where the grey value is at least one half."""
    return Data(folder, f"mnist-{count}", lambda: (pixels(folder, count) >= 128).astype(np.uint8))


def real_mnist(folder, count):
    """The same images as real numbers from 0 to 1."""
    return Data(
        folder, f"mnist-real-{count}", lambda: (pixels(folder, count) / 255).astype(np.float32), "real numbers")


def pixels(folder, count):
    with gzip.open(Path(folder).parent / "mnist" / "train-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)[:count]


def letters(folder, count, states=21):
    """Sequences of letters as the numbers of their states."""
    return Data(
        folder, f"letters-{count}", lambda: draw_letters(count, states).astype(np.uint8), f"of {states} states")


def one_hot(folder, count, states=21):
    """The same sequences as one unit a letter: 4.8 % ones."""
    def make():
        return np.eye(states, dtype=np.uint8)[draw_letters(count, states)].reshape(count, -1)
    return Data(folder, f"one-hot-{count}", make)


def draw_letters(count, states, sites=50, families=30):
    """Sequences of one of `states` letters at every site; each belongs to a family that prefers some of them."""
    random = np.random.default_rng(1)
    preferences = random.dirichlet(np.full(states, 0.2), size=(families, sites)).cumsum(axis=2)
    family = random.integers(families, size=count)
    return (random.random((count, sites, 1)) > preferences[family]).sum(axis=2).clip(0, states - 1)


def sparse(folder, count, units=10_000, topics=100):
    """Baskets of 2 % of the units: five topics of 100 units each, of which some are taken, and a few at random."""
    def make():
        random = np.random.default_rng(2)
        members = np.stack([random.choice(units, 100, replace=False) for _ in range(topics)])
        samples = (random.random((count, units), dtype=np.float32) < 0.0025).astype(np.uint8)
        for sample in samples:
            chosen = members[random.choice(topics, 5, replace=False)].ravel()
            sample[chosen[random.random(len(chosen)) < 0.35]] = 1
        return samples
    return Data(folder, f"sparse-{count}", make)
