"""The package rbms: its machine, its chains, its gradient, its step (`fit_batch_pcd`), and SGD as it uses it.

Two things are left out, so that the work is the same and the package does not lose by what is beside it:
its division of the gradient by its norm, and its log file, which is rewritten in full after every update.
"""

import torch
from rbms.bernoulli_bernoulli.classes import BBRBM
from rbms.training.pcd import fit_batch_pcd

from .interface import Machine, first_machine, unit_means


class PlainGradientRBM(BBRBM):
    def normalize_grad(self):
        pass


@torch.no_grad()
def train(data, epochs, settings, seed, start=None):
    torch.manual_seed(seed)
    start = start or first_machine(data, settings, seed)
    model = PlainGradientRBM(
        torch.from_numpy(start.weights), torch.from_numpy(start.visible_bias), torch.from_numpy(start.hidden_bias))
    model.init_grad()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=settings.learning_rate, momentum=settings.momentum, maximize=True)
    samples = torch.from_numpy(data).float()
    sample_weights = torch.ones(settings.batch_size)
    first_states = torch.bernoulli(torch.from_numpy(unit_means(data)).expand(settings.batch_size, -1))
    chains = model.init_chains(settings.batch_size, start_v=first_states)
    for _ in range(epochs):
        for indices in torch.randperm(len(samples)).split(settings.batch_size):
            minibatch = (samples[indices], sample_weights)
            if settings.method == "cd":
                chains = model.init_chains(settings.batch_size, weights=sample_weights, start_v=minibatch[0])
            optimizer.zero_grad(set_to_none=False)
            chains, _ = fit_batch_pcd(minibatch, chains, model, settings.steps, beta=1.0, centered=False)
            optimizer.step()
    return Machine(model.weight_matrix.numpy(), model.vbias.numpy(), model.hbias.numpy())
