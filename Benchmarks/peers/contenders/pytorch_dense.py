"""The best dense float32 PyTorch loop that we could write.

All is preallocated and in place; products come from pytorch_products, uniforms from pytorch_draws; [v⁰; vᵏ]
and [h⁰; −hᵏ] lie one below the other, so that one `addmm_` is gradient and update. PCD keeps the chains' hidden
states and not the visible ones, which saves one product an update. What else was tried is in README.md.
"""

import numpy as np
import torch

from .interface import Machine, Settings, first_machine, unit_means
from .pytorch_draws import Draws
from .pytorch_products import quickest_product


def train(data, epochs, settings, seed, start=None):
    return learn(DenseLoop, data, epochs, settings, seed, start)


@torch.no_grad()
def learn(loop_class, data, epochs, settings, seed, start):
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    start = start or first_machine(data, settings, seed)
    loop = loop_class(torch.from_numpy(data), settings, start)
    for _ in range(epochs):
        loop.epoch()
    return Machine(loop.weights.numpy(), loop.visible_bias.numpy(), loop.hidden_bias.numpy())


def sample(machine, chains, steps, seed):
    return run_chains(DenseLoop, machine, chains, steps, seed)


@torch.no_grad()
def run_chains(loop_class, machine, chains, steps, seed):
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    visible, hidden = machine.weights.shape
    settings = Settings(hidden=hidden, batch_size=chains)
    loop = loop_class(torch.zeros(chains, visible, dtype=torch.uint8), settings, machine)
    loop.visible_draws.less_than(
        torch.from_numpy(machine.reference_visible_bias).sigmoid(), out=loop.chain_visibles)
    for _ in range(steps):
        loop.infer_chains()
        loop.hidden_draws.less_than(loop.chain_hiddens, out=loop.hidden_states)
        loop.draw_chain_visibles()
    return loop.chain_visibles.numpy().astype(np.uint8)


class DenseLoop:
    def __init__(self, samples, settings, start):
        self.samples, self.settings = samples, settings
        self.weights, self.visible_bias, self.hidden_bias = (
            torch.from_numpy(x) for x in (start.weights, start.visible_bias, start.hidden_bias))
        rows, visible, hidden = settings.batch_size, samples.shape[1], settings.hidden
        self.visibles, self.hiddens = torch.zeros(2 * rows, visible), torch.zeros(2 * rows, hidden)
        # The data above, the chains below; the chains' hidden means end up with a minus sign.
        self.data, self.chain_visibles = self.visibles[:rows], self.visibles[rows:]
        self.data_hiddens, self.chain_hiddens = self.hiddens[:rows], self.hiddens[rows:]
        self.visible_means = torch.empty(rows, visible)
        self.hidden_states = torch.zeros(rows, hidden)
        self.visible_draws, self.hidden_draws = Draws(rows, visible), Draws(rows, hidden)
        self.rate = settings.learning_rate / rows
        self.signs = torch.cat([torch.ones(rows), -torch.ones(rows)])
        self.ones = torch.ones(2 * rows)
        self.velocities = [torch.zeros_like(x) for x in (self.weights, self.visible_bias, self.hidden_bias)]
        self.hidden_product = quickest_product(
            self.hidden_bias, self.data, self.weights, self.data_hiddens)
        self.visible_product = quickest_product(
            self.visible_bias, self.hidden_states, self.weights.T, self.visible_means)
        if settings.method == "pcd":
            self.start_chains(samples)

    def start_chains(self, samples):
        means = torch.from_numpy(unit_means(samples.numpy()))
        self.visible_draws.less_than(means, out=self.chain_visibles)
        self.infer_chains()
        self.hidden_draws.less_than(self.chain_hiddens, out=self.hidden_states)

    def epoch(self):
        self.shuffle(torch.randperm(len(self.samples)))
        for begin in range(0, len(self.samples), self.settings.batch_size):
            self.step(begin)

    def shuffle(self, order):
        self.shuffled = self.samples[order]

    def load(self, begin):
        self.data.copy_(self.shuffled[begin : begin + len(self.data)])

    def step(self, begin):
        self.load(begin)
        self.infer_data()
        persistent = self.settings.method == "pcd"
        if not persistent:
            self.hidden_draws.less_than(self.data_hiddens, out=self.hidden_states)
        for left in reversed(range(self.settings.steps)):
            self.draw_chain_visibles()
            self.infer_chains()
            if left or persistent:
                self.hidden_draws.less_than(self.chain_hiddens, out=self.hidden_states)
        self.chain_hiddens.neg_()
        self.update()

    def infer_data(self):
        self.infer_hiddens(self.data, self.data_hiddens)

    def infer_chains(self):
        self.infer_hiddens(self.chain_visibles, self.chain_hiddens)

    def infer_hiddens(self, visibles, means):
        self.hidden_product(self.hidden_bias, visibles, self.weights, means).sigmoid_()

    def draw_chain_visibles(self):
        means = self.visible_product(
            self.visible_bias, self.hidden_states, self.weights.T, self.visible_means).sigmoid_()
        self.visible_draws.less_than(means, out=self.chain_visibles)

    def update(self):
        if self.settings.momentum == 0:
            self.ascend(self.weights, self.visible_bias, self.hidden_bias, kept=1)
        else:
            self.ascend(*self.velocities, kept=self.settings.momentum)
            for parameter, velocity in zip(
                    (self.weights, self.visible_bias, self.hidden_bias), self.velocities):
                parameter.add_(velocity)

    def ascend(self, weights, visible_bias, hidden_bias, kept):
        """Each target ← kept·target + rate·gradient, one product each."""
        weights.addmm_(self.visibles.T, self.hiddens, beta=kept, alpha=self.rate)
        visible_bias.addmv_(self.visibles.T, self.signs, beta=kept, alpha=self.rate)
        hidden_bias.addmv_(self.hiddens.T, self.ones, beta=kept, alpha=self.rate)
