"""The PyTorch loop that one writes: addmm, torch.sigmoid, torch.bernoulli, no autograd."""

import numpy as np
import torch

from .interface import Machine, first_machine, unit_means


@torch.no_grad()
def train(data, epochs, settings, seed, start=None):
    torch.manual_seed(seed)
    start = start or first_machine(data, settings, seed)
    parameters = [torch.from_numpy(x) for x in (start.weights, start.visible_bias, start.hidden_bias)]
    weights, visible_bias, hidden_bias = parameters
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    rate = settings.learning_rate / settings.batch_size
    samples = torch.from_numpy(data).float()
    chains = torch.bernoulli(torch.from_numpy(unit_means(data)).expand(settings.batch_size, -1))

    for _ in range(epochs):
        for indices in torch.randperm(len(samples)).split(settings.batch_size):
            v0 = samples[indices]
            h0 = torch.sigmoid(torch.addmm(hidden_bias, v0, weights))
            if settings.method == "cd":
                h = h0
            else:
                h = torch.sigmoid(torch.addmm(hidden_bias, chains, weights))
            for _ in range(settings.steps):
                v = torch.bernoulli(
                    torch.sigmoid(torch.addmm(visible_bias, torch.bernoulli(h), weights.T)))
                h = torch.sigmoid(torch.addmm(hidden_bias, v, weights))
            chains = v
            gradients = (v0.T @ h0 - v.T @ h, v0.sum(0) - v.sum(0), h0.sum(0) - h.sum(0))
            for parameter, velocity, gradient in zip(parameters, velocities, gradients):
                velocity.mul_(settings.momentum).add_(gradient, alpha=rate)
                parameter.add_(velocity)
    return Machine(weights.numpy(), visible_bias.numpy(), hidden_bias.numpy())


@torch.no_grad()
def sample(machine, chains, steps, seed):
    torch.manual_seed(seed)
    weights = torch.from_numpy(machine.weights)
    visible_bias, hidden_bias = torch.from_numpy(machine.visible_bias), torch.from_numpy(machine.hidden_bias)
    base_rate = torch.sigmoid(torch.from_numpy(machine.reference_visible_bias))
    v = torch.bernoulli(base_rate.expand(chains, -1))
    for _ in range(steps):
        h = torch.bernoulli(torch.sigmoid(torch.addmm(hidden_bias, v, weights)))
        v = torch.bernoulli(torch.sigmoid(torch.addmm(visible_bias, h, weights.T)))
    return v.numpy().astype(np.uint8)
