"""The best dense loop with Gaussian visibles that we could write: pytorch_dense on real data, for CD-k.

It works with x = v·√γ, whose precision is 1, and changes the machine back at the end. Normal draws come from
two of pytorch_draws' uniforms (Box & Muller 1958): `normal_` runs on one thread.
"""

from math import pi

import numpy as np
import torch

from .interface import Machine, precisions
from .pytorch_dense import DenseLoop
from .pytorch_draws import Draws


@torch.no_grad()
def train(data, epochs, settings, seed, start=None):
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    precision = precisions(data)
    roots = np.sqrt(precision).astype(np.float32)
    samples = data * roots
    start = start or first_machine(samples, settings, seed)
    loop = GaussianLoop(torch.from_numpy(samples), settings, start)
    for _ in range(epochs):
        loop.epoch()
    return Machine(
        loop.weights.numpy() * roots[:, None], loop.visible_bias.numpy() * roots, loop.hidden_bias.numpy(),
        reference_visible_bias=samples.mean(axis=0) * roots, visible_precision=precision)


def first_machine(samples, settings, seed):
    """W ~ N(0, 0.01²), the visibles' means from the data, hidden biases zero; precisions are 1."""
    shape = samples.shape[1], settings.hidden
    weights = np.random.default_rng(seed).normal(0, 0.01, shape).astype(np.float32)
    return Machine(weights, samples.mean(axis=0), np.zeros(settings.hidden, np.float32))


class GaussianLoop(DenseLoop):
    def __init__(self, samples, settings, start):
        super().__init__(samples, settings, start)
        self.noise = Normals(*self.visible_means.shape)

    def draw_chain_visibles(self):
        means = self.visible_product(
            self.visible_bias, self.hidden_states, self.weights.T, self.visible_means)
        torch.add(means, self.noise.next(), out=self.chain_visibles)


class Normals:
    """Standard normal draws for blocks of one shape with an even number of units, `[rows, units]`."""

    def __init__(self, rows, units):
        self.draws, self.half = Draws(rows, units), units // 2
        self.radii, self.angles = torch.empty(rows, self.half), torch.empty(rows, self.half)
        self.values = torch.empty(rows, units)

    def next(self):
        """r·cos φ and r·sin φ with r² = −2·log(1 − u₁), φ = 2π·u₂; good until the next call."""
        uniforms = self.draws.next()
        torch.sub(1, uniforms[:, : self.half], out=self.radii)
        self.radii.log_().mul_(-2).sqrt_()
        torch.mul(uniforms[:, self.half :], 2 * pi, out=self.angles)
        torch.mul(torch.cos(self.angles), self.radii, out=self.values[:, : self.half])
        torch.mul(self.angles.sin_(), self.radii, out=self.values[:, self.half :])
        return self.values
