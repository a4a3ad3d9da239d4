"""numpy in float32, as somebody writes it who knows `out=`: products by its OpenBLAS on all threads.

SFC64 is numpy's fastest generator; it, exp and the comparisons run on one thread.
"""

import numpy as np

from .interface import Machine, first_machine, unit_means


def train(data, epochs, settings, seed, start=None):
    loop = Loop(data, settings, seed, start)
    for _ in range(epochs):
        order = loop.random.permutation(len(data))
        for begin in range(0, len(data), settings.batch_size):
            loop.step(data[order[begin : begin + settings.batch_size]])
    return loop.machine


class Loop:
    def __init__(self, data, settings, seed, start):
        self.settings = settings
        self.random = np.random.Generator(np.random.SFC64(seed))
        self.machine = start or first_machine(data, settings, seed)
        self.velocity = [np.zeros_like(parameter) for parameter in self.parameters]
        rows = settings.batch_size
        self.data = np.empty((rows, data.shape[1]), np.float32)
        self.visibles = Layer(rows, data.shape[1], self.random)
        self.hiddens = Layer(rows, settings.hidden, self.random)
        self.data_hiddens = Layer(rows, settings.hidden, self.random)
        self.visibles.draw(np.broadcast_to(unit_means(data), self.visibles.states.shape))

    @property
    def parameters(self):
        return self.machine.weights, self.machine.visible_bias, self.machine.hidden_bias

    def step(self, minibatch):
        weights, visible_bias, hidden_bias = self.parameters
        self.data[:] = minibatch
        self.data_hiddens.infer(self.data, weights, hidden_bias)
        means = self.data_hiddens.means
        if self.settings.method == "pcd":
            means = self.hiddens.infer(self.visibles.states, weights, hidden_bias)
        for _ in range(self.settings.steps):
            self.hiddens.draw(means)
            self.visibles.draw(self.visibles.infer(self.hiddens.states, weights.T, visible_bias))
            means = self.hiddens.infer(self.visibles.states, weights, hidden_bias)
        self.update()

    def update(self):
        data, data_hiddens, visibles, hiddens = (
            self.data, self.data_hiddens.means, self.visibles.states, self.hiddens.means,
        )
        gradients = (
            data.T @ data_hiddens - visibles.T @ hiddens,
            data.sum(axis=0) - visibles.sum(axis=0),
            data_hiddens.sum(axis=0) - hiddens.sum(axis=0),
        )
        rate = np.float32(self.settings.learning_rate / self.settings.batch_size)
        for parameter, velocity, gradient in zip(self.parameters, self.velocity, gradients):
            gradient *= rate
            velocity *= np.float32(self.settings.momentum)
            velocity += gradient
            parameter += velocity


class Layer:
    """The units of one layer for a block of rows: means, states, and the uniforms that lead to them."""

    def __init__(self, rows, units, random):
        self.random = random
        self.means = np.empty((rows, units), np.float32)
        self.states = np.empty((rows, units), np.float32)

    def infer(self, others, weights, bias, scale=None):
        """means ← σ(scale·others·weights + bias)"""
        means = np.matmul(others, weights, out=self.means)
        if scale is not None:
            means *= scale
        means += bias
        return logistic(means)

    def draw(self, means):
        uniforms = self.random.random(out=self.states, dtype=np.float32)
        np.less(uniforms, means, out=self.states)


def logistic(x):
    """In place 1/(1 + e^(−x)); e^(−x) may overflow to infinity, which gives 0 as it should."""
    np.negative(x, out=x)
    with np.errstate(over="ignore"):
        np.exp(x, out=x)
    x += np.float32(1)
    return np.reciprocal(x, out=x)


def sample(machine, chains, steps, seed):
    visibles, hiddens = start_chains(machine, chains, seed)
    for _ in range(steps):
        hiddens.draw(hiddens.infer(visibles.states, machine.weights, machine.hidden_bias))
        visibles.draw(visibles.infer(hiddens.states, machine.weights.T, machine.visible_bias))
    return visibles.states.astype(np.uint8)


def start_chains(machine, chains, seed):
    """Layers whose visibles are drawn from the base rate."""
    random = np.random.Generator(np.random.SFC64(seed))
    visibles = Layer(chains, len(machine.visible_bias), random)
    visibles.means[:] = machine.reference_visible_bias
    visibles.draw(logistic(visibles.means))
    return visibles, Layer(chains, len(machine.hidden_bias), random)


def anneal(machine, inverse_temperatures, chains, seed):
    """Salakhutdinov & Murray 2008: from the independent visibles of the base rate to the machine."""
    visibles, hiddens = start_chains(machine, chains, seed)
    base = machine.reference_visible_bias
    path = machine.visible_bias - base
    inputs = np.empty_like(hiddens.means)
    log_weights = np.zeros(chains)
    for before, after in zip(inverse_temperatures[:-1], inverse_temperatures[1:]):
        np.matmul(visibles.states, machine.weights, out=inputs)
        inputs += machine.hidden_bias
        log_weights += (after - before) * (visibles.states @ path)
        log_weights += softplus_sums(inputs, after) - softplus_sums(inputs, before)
        scale = np.float32(after)
        hiddens.draw(logistic(np.multiply(inputs, scale, out=hiddens.means)))
        visibles.draw(visibles.infer(hiddens.states, machine.weights.T, base + scale * path, scale))
    log_base = np.logaddexp(0, base.astype(np.float64)).sum() + len(machine.hidden_bias) * np.log(2)
    largest = log_weights.max()
    return float(log_base + largest + np.log(np.exp(log_weights - largest).mean()))


def softplus_sums(inputs, scale):
    """Σ_j log(1 + e^(scale·x_j)) of every row, as max(x, 0) + log(1 + e^(−|x|)).

    log and not log1p: numpy has the first for vectors of float32, and here 1 + e is as good.
    """
    scaled = np.float32(scale) * inputs
    absolute = np.abs(scaled)
    np.negative(absolute, out=absolute)
    np.exp(absolute, out=absolute)
    absolute += np.float32(1)
    np.log(absolute, out=absolute)
    absolute += np.maximum(scaled, 0, out=scaled)
    return absolute.sum(axis=1, dtype=np.float64)
