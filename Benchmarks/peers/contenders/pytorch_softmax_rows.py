"""The softmax loop without one-hot rows: `embedding_bag` adds the row of W of each site's state.

The gradient takes the same road with the roles turned: for each state of each site, the sum of the hiddens of
the rows in that state. The states of a site are sorted for it, all sites side by side.
"""

import torch
from torch.nn.functional import embedding_bag

from .pytorch_softmax_dense import SoftmaxLoop, learn


def train(data, epochs, settings, seed, start=None):
    return learn(SoftmaxRowLoop, data, epochs, settings, seed, start)


class SoftmaxRowLoop(SoftmaxLoop):
    def __init__(self, samples, settings, start):
        super().__init__(samples, settings, start)
        rows, (_, sites, states) = settings.batch_size, self.sums.shape
        self.columns = samples.nonzero()[:, 1].view(len(samples), sites)
        self.first_columns = torch.arange(sites) * states
        # The rows of W of the data's states above, those of the chains' below.
        self.selected = torch.zeros(2 * rows, sites, dtype=torch.int64)
        self.data_selected, self.chain_selected = self.selected[:rows], self.selected[rows:]
        self.found = torch.empty(rows * sites, 1, dtype=torch.int64)
        self.edges = torch.arange(samples.shape[1] + 1)

    def shuffle(self, order):
        self.shuffled = self.columns[order]

    def load(self, begin):
        self.data_selected.copy_(self.shuffled[begin : begin + len(self.data_selected)])

    def infer_data(self):
        self.infer_hiddens(self.data_selected, self.data_hiddens)

    def infer_chains(self):
        self.infer_hiddens(self.chain_selected, self.chain_hiddens)

    def infer_hiddens(self, selected, means):
        sums = embedding_bag(selected, self.weights, mode="sum")
        torch.add(self.hidden_bias, sums, out=means).sigmoid_()

    def draw_chain_visibles(self):
        self.draw_sums()
        torch.searchsorted(
            self.sums.view(len(self.found), -1), self.thresholds.view(self.found.shape), out=self.found)
        torch.add(self.found.view(self.chain_selected.shape), self.first_columns, out=self.chain_selected)

    def ascend(self, weights, visible_bias, hidden_bias, kept):
        columns, rows = torch.sort(self.selected.T, 1)
        columns, rows = columns.reshape(-1), rows.reshape(-1)
        starts = torch.searchsorted(columns, self.edges)
        if kept != 1:
            weights.mul_(kept), visible_bias.mul_(kept)
        sums = embedding_bag(rows, self.hiddens, starts, mode="sum", include_last_offset=True)
        weights.add_(sums, alpha=self.rate)
        visible_bias.add_(self.counts(self.data_selected) - self.counts(self.chain_selected), alpha=self.rate)
        hidden_bias.addmv_(self.hiddens.T, self.ones, beta=kept, alpha=self.rate)

    def counts(self, selected):
        return torch.bincount(selected.reshape(-1), minlength=len(self.weights))
