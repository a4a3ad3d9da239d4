"""A GAN in PyTorch as one writes it for speed: fused Adam, no gradient of the discriminator where nobody wants it."""

import torch
from torch import nn
from torch.nn.functional import softplus


def train(data, epochs, settings, seed):
    """The mean discriminator's cost of the last epoch, in nats; see `GANSettings`."""
    torch.manual_seed(seed)
    m, noise = settings.batch_size, settings.noise
    generator = network([noise, *settings.widths, data.shape[1]], nn.ReLU, nn.Sigmoid())
    discriminator = network([data.shape[1], *settings.widths, 1], lambda: nn.LeakyReLU(0.2))
    optimizers = [
        torch.optim.Adam(network.parameters(), settings.learning_rate, betas=(0.5, 0.999), fused=True)
        for network in (generator, discriminator)]
    samples = torch.from_numpy(data).float()

    for _ in range(epochs):
        costs = torch.zeros(())
        for _ in range(len(samples) // m):
            with torch.no_grad():
                fakes = generator(torch.randn(m, noise))
            rows = torch.cat([samples[torch.randint(len(samples), (m,))], fakes])
            logits = discriminator(rows)
            cost = (softplus(-logits[:m]).sum() + softplus(logits[m:]).sum()) / m
            costs += cost.detach()
            step(optimizers[1], cost)

            discriminator.requires_grad_(False)
            step(optimizers[0], softplus(-discriminator(generator(torch.randn(m, noise)))).mean())
            discriminator.requires_grad_(True)
    return float(costs) / (len(samples) // m)


def step(optimizer, cost):
    optimizer.zero_grad(set_to_none=True)
    cost.backward()
    optimizer.step()


def network(widths, activation, *last):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1], *last)
