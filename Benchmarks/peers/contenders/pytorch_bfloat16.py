"""The dense loop with its products in bfloat16, which processors with AVX512-BF16 or AMX do at twice the rate.

Not the same work: inputs and gradient are rounded to 8 bits, and a machine sampled from is not the machine
that is kept, in float32. It is here because somebody may be content with that.
"""

import torch

from .pytorch_dense import DenseLoop, learn, run_chains


def train(data, epochs, settings, seed, start=None):
    return learn(HalfLoop, data, epochs, settings, seed, start)


def sample(machine, chains, steps, seed):
    return run_chains(HalfLoop, machine, chains, steps, seed)


class HalfLoop(DenseLoop):
    def __init__(self, samples, settings, start):
        rows, visible, hidden = settings.batch_size, samples.shape[1], settings.hidden
        self.half_weights = torch.from_numpy(start.weights).bfloat16()
        self.half_gradient = torch.zeros_like(self.half_weights)
        self.half_visibles, self.half_visible_inputs = half_zeros(2 * rows, visible), half_zeros(rows, visible)
        self.half_hiddens, self.half_hidden_inputs = half_zeros(2 * rows, hidden), half_zeros(rows, hidden)
        self.half_states = half_zeros(rows, hidden)
        super().__init__(samples, settings, start)

    def infer_data(self):
        self.infer(self.data, slice(None, len(self.data)), self.data_hiddens)

    def infer_chains(self):
        self.infer(self.chain_visibles, slice(len(self.data), None), self.chain_hiddens)

    def infer(self, visibles, part, hiddens):
        half_visibles = self.half_visibles[part].copy_(visibles)
        torch.mm(half_visibles, self.half_weights, out=self.half_hidden_inputs)
        hiddens.copy_(self.half_hidden_inputs).add_(self.hidden_bias).sigmoid_()

    def draw_chain_visibles(self):
        self.half_states.copy_(self.hidden_states)
        torch.mm(self.half_states, self.half_weights.T, out=self.half_visible_inputs)
        means = self.visible_means.copy_(self.half_visible_inputs).add_(self.visible_bias).sigmoid_()
        self.visible_draws.less_than(means, out=self.chain_visibles)

    def ascend(self, weights, visible_bias, hidden_bias, kept):
        self.half_hiddens.copy_(self.hiddens)
        torch.mm(self.half_visibles.T, self.half_hiddens, out=self.half_gradient)
        if kept != 1:
            weights.mul_(kept)
        weights.add_(self.half_gradient, alpha=self.rate)
        visible_bias.addmv_(self.visibles.T, self.signs, beta=kept, alpha=self.rate)
        hidden_bias.addmv_(self.hiddens.T, self.ones, beta=kept, alpha=self.rate)

    def update(self):
        super().update()
        self.half_weights.copy_(self.weights)


def half_zeros(rows, units):
    return torch.zeros(rows, units, dtype=torch.bfloat16)
