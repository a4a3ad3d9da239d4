"""The dense loop with row sums where the data are sparse: `embedding_bag` adds the rows of W that are on.

This is how one writes it in PyTorch who knows that most of the operands are zero. The gradient takes the
same road with the roles turned: for each visible unit, the sum of the hiddens of the rows in which it is on.
"""

import torch
from torch.nn.functional import embedding_bag

from .pytorch_dense import DenseLoop, learn, run_chains


def train(data, epochs, settings, seed, start=None):
    return learn(RowSumLoop, data, epochs, settings, seed, start)


def sample(machine, chains, steps, seed):
    return run_chains(RowSumLoop, machine, chains, steps, seed)


class RowSumLoop(DenseLoop):
    def infer_hiddens(self, visibles, means):
        torch.add(self.hidden_bias, row_sums(visibles, self.weights), out=means).sigmoid_()

    def ascend(self, weights, visible_bias, hidden_bias, kept):
        if kept != 1:
            weights.mul_(kept)
        weights.add_(row_sums(self.visibles.T, self.hiddens), alpha=self.rate)
        visible_bias.addmv_(self.visibles.T, self.signs, beta=kept, alpha=self.rate)
        hidden_bias.addmv_(self.hiddens.T, self.ones, beta=kept, alpha=self.rate)


def row_sums(states, matrix):
    """states · matrix for states of 0 and 1: of every row of states the sum of the matrix's rows that are on."""
    ends = states.sum(1).cumsum_(0).long()  # counts are exact in float32 up to 2^24
    starts = torch.zeros(len(ends) + 1, dtype=torch.int64)
    starts[1:] = ends
    columns = states.bool().contiguous().nonzero()[:, 1].contiguous()  # nonzero is quickest on bytes
    return embedding_bag(columns, matrix, starts, mode="sum", include_last_offset=True)
