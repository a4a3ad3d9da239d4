"""The dense loop with row sums where the data are sparse: `embedding_bag` adds the rows of W that are on.

This is how one writes it in PyTorch who knows that most of the operands are zero. The lists of the data are
built once an epoch; those of the chains where they are drawn. The gradient takes the same road with the roles
turned: for each visible unit, the sum of the hiddens of the rows in which it is on.
"""

import torch
from torch.nn.functional import embedding_bag

from .pytorch_dense import DenseLoop, learn, run_chains


def train(data, epochs, settings, seed, start=None):
    return learn(RowSumLoop, data, epochs, settings, seed, start)


def sample(machine, chains, steps, seed):
    return run_chains(RowSumLoop, machine, chains, steps, seed)


class RowSumLoop(DenseLoop):
    def __init__(self, samples, settings, start):
        self.sample_lists = IndexLists.of(samples)
        super().__init__(samples, settings, start)

    def shuffle(self, order):
        super().shuffle(order)
        self.shuffled_lists = self.sample_lists.reordered(order)
        self.bounds = self.shuffled_lists.starts[:: self.settings.batch_size].tolist()

    def infer_data(self, begin):
        rows = len(self.data)
        lists = self.shuffled_lists.part(begin, rows, self.bounds[begin // rows :][:2])
        self.sum_rows(lists, self.data_hiddens)

    def infer_chains(self):
        self.sum_rows(IndexLists.of(self.chain_visibles), self.chain_hiddens)

    def sum_rows(self, lists, target):
        torch.add(self.hidden_bias, lists.sums(self.weights), out=target).sigmoid_()

    def ascend(self, weights, visible_bias, hidden_bias, kept):
        gradient = IndexLists.of(self.visibles.T).sums(self.hiddens)
        if kept != 1:
            weights.mul_(kept)
        weights.add_(gradient, alpha=self.rate)
        visible_bias.addmv_(self.visibles.T, self.signs, beta=kept, alpha=self.rate)
        hidden_bias.addmv_(self.hiddens.T, self.ones, beta=kept, alpha=self.rate)


class IndexLists:
    """Of every row the columns that are on: row i has `columns[starts[i]:starts[i + 1]]`."""

    def __init__(self, columns, starts):
        self.columns, self.starts = columns, starts

    @staticmethod
    def of(states):
        states = states.bool().contiguous()  # nonzero is quickest on bytes
        starts = torch.zeros(len(states) + 1, dtype=torch.int64)
        torch.cumsum(states.sum(1), 0, out=starts[1:])
        return IndexLists(states.nonzero()[:, 1].contiguous(), starts)

    def reordered(self, order):
        counts = self.starts.diff()[order]
        starts = torch.zeros_like(self.starts)
        torch.cumsum(counts, 0, out=starts[1:])
        moved = torch.repeat_interleave(self.starts[order] - starts[:-1], counts)
        return IndexLists(self.columns[moved.add_(torch.arange(len(moved)))], starts)

    def part(self, begin, rows, bounds):
        first, last = bounds
        return IndexLists(self.columns[first:last], self.starts[begin : begin + rows + 1] - first)

    def sums(self, matrix):
        """Of every row the sum of the matrix's rows that are on."""
        return embedding_bag(self.columns, matrix, self.starts, mode="sum", include_last_offset=True)
