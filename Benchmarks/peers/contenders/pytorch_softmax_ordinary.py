"""The PyTorch loop that one writes for softmax visibles: addmm, torch.softmax, torch.multinomial, one_hot. CD-k."""

import torch
from torch.nn.functional import one_hot

from .interface import Machine, first_categorical_machine


@torch.no_grad()
def train(data, epochs, settings, seed, start=None):
    torch.manual_seed(seed)
    start = start or first_categorical_machine(data, settings, seed)
    weights, visible_bias, hidden_bias = (
        torch.from_numpy(x) for x in (start.weights, start.visible_bias, start.hidden_bias))
    states, rate = settings.states, settings.learning_rate / settings.batch_size
    samples = one_hot(torch.from_numpy(data).long(), states).flatten(1).float()

    for _ in range(epochs):
        for indices in torch.randperm(len(samples)).split(settings.batch_size):
            v0 = samples[indices]
            h0 = h = torch.sigmoid(torch.addmm(hidden_bias, v0, weights))
            for _ in range(settings.steps):
                inputs = torch.addmm(visible_bias, torch.bernoulli(h), weights.T)
                means = torch.softmax(inputs.view(-1, states), dim=1)
                v = one_hot(torch.multinomial(means, 1), states).view(v0.shape).float()
                h = torch.sigmoid(torch.addmm(hidden_bias, v, weights))
            weights += rate * (v0.T @ h0 - v.T @ h)
            visible_bias += rate * (v0.sum(0) - v.sum(0))
            hidden_bias += rate * (h0.sum(0) - h.sum(0))
    return Machine(
        weights.numpy(), visible_bias.numpy(), hidden_bias.numpy(), visible_states=start.visible_states)
