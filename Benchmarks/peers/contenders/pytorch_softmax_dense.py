"""The best dense loop with softmax visibles that we could write: pytorch_dense on one-hot data, for CD-k.

A site's state is drawn by cumulative sums: all thresholds that one uniform has passed become ones, and the
difference of neighbours is the one-hot row. No softmax, argmax, gather or scatter is needed.
"""

import torch

from .interface import Machine, first_categorical_machine, one_hot
from .pytorch_dense import DenseLoop
from .pytorch_draws import Draws


def train(data, epochs, settings, seed, start=None):
    return learn(SoftmaxLoop, data, epochs, settings, seed, start)


@torch.no_grad()
def learn(loop_class, data, epochs, settings, seed, start):
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    start = start or first_categorical_machine(data, settings, seed)
    loop = loop_class(torch.from_numpy(one_hot(data, settings.states)), settings, start)
    for _ in range(epochs):
        loop.epoch()
    return Machine(
        loop.weights.numpy(), loop.visible_bias.numpy(), loop.hidden_bias.numpy(),
        visible_states=start.visible_states)


class SoftmaxLoop(DenseLoop):
    def __init__(self, samples, settings, start):
        super().__init__(samples, settings, start)
        rows, states = settings.batch_size, settings.states
        shape = (rows, samples.shape[1] // states, states)
        self.exponentials = self.visible_means.view(shape)
        self.sums = torch.empty(shape)
        self.site_draws, self.thresholds = Draws(*shape[:2]), torch.empty(*shape[:2], 1)
        # Which sums have reached the threshold, behind a column of zeros.
        self.reached = torch.zeros(*shape[:2], states + 1)
        self.chain_sites = self.chain_visibles.view(shape)

    def draw_sums(self):
        """Unnormalised cumulative sums and a uniform part of their last: the first that reaches it is drawn.

        Inputs stay far below 88, where e^x overflows, so the largest need not be taken off.
        """
        self.visible_product(self.visible_bias, self.hidden_states, self.weights.T, self.visible_means)
        torch.cumsum(self.exponentials.exp_(), 2, out=self.sums)
        torch.mul(self.sums[..., -1:], self.site_draws.next().unsqueeze(2), out=self.thresholds)

    def draw_chain_visibles(self):
        self.draw_sums()
        torch.ge(self.sums, self.thresholds, out=self.reached[..., 1:])
        torch.sub(self.reached[..., 1:], self.reached[..., :-1], out=self.chain_sites)
