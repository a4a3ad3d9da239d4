"""What every contender takes and gives.

A contender is a module with a `train`, and where it competes there an `anneal` or a `sample`:

    train(data, epochs, settings, seed, start=None) -> Machine
        data      uint8 [samples, visible], zeros and ones; of categorical sites uint8 [samples, sites], numbers of
                  states; of gaussian visibles float32. The number of samples is a multiple of the minibatch
        start     a Machine to go on from; without it `first_machine`
    anneal(machine, inverse_temperatures, chains, seed) -> float
        log Z by annealed importance sampling, in nats
    sample(machine, chains, steps, seed) -> uint8 [chains, visible]
        the visible states after `steps` steps of block Gibbs sampling

A contender that trains generative adversarial networks has `train(data, epochs, settings, seed)` with `GANSettings`
and returns the mean cost of the discriminator in the last epoch.

All follow E(v, h) = −bᵀv − cᵀh − vᵀWh with W [visible, hidden], and the plain gradient without centring or decay:

    ΔW ← momentum·ΔW + learning_rate·(⟨v⁰ E[h | v⁰]ᵀ⟩ − ⟨vᵏ E[h | vᵏ]ᵀ⟩),   W += ΔW

Categorical sites have a column a state. Gaussian visibles add ½γv² to the energy, with γ the inverse variance of
the data for good; the gradient is that of v·√γ.
"""

from dataclasses import dataclass
from typing import List, Optional

import numpy as np


@dataclass(frozen=True)
class Settings:
    hidden: int
    method: str = "cd"  # or "pcd", with as many chains as a minibatch has samples
    steps: int = 1
    batch_size: int = 100
    learning_rate: float = 0.05
    momentum: float = 0.0
    visible_bias_from_data: bool = False  # start as independent units with the data's means, else at zero
    visible_kind: str = "bernoulli"  # or "categorical:21", "gaussian", as our command line has them

    @property
    def states(self):
        """The number of states of every site."""
        return int(self.visible_kind.split(":")[1])


@dataclass(frozen=True)
class GANSettings:
    """Both networks have the same hidden layers; Adam with β₁ = 0.5, the non-saturating objective, one step each."""

    noise: int
    widths: List[int]
    batch_size: int = 100
    learning_rate: float = 0.0002


@dataclass
class Machine:
    weights: np.ndarray  # float32 [visible, hidden]
    visible_bias: np.ndarray  # float32 [visible]
    hidden_bias: np.ndarray  # float32 [hidden]
    reference_visible_bias: Optional[np.ndarray] = None  # where annealing and sampling start
    visible_states: Optional[List[int]] = None  # of every site, where visibles are categorical
    visible_precision: Optional[np.ndarray] = None  # float32 [visible], where visibles are gaussian


def first_machine(data, settings, seed):
    """W ~ N(0, 0.01²), hidden biases zero."""
    visible = data.shape[1]
    weights = np.random.default_rng(seed).normal(0, 0.01, (visible, settings.hidden)).astype(np.float32)
    visible_bias = np.zeros(visible, np.float32)
    if settings.visible_bias_from_data:
        means = unit_means(data)
        visible_bias = np.log(means / (1 - means))
    return Machine(weights, visible_bias, np.zeros(settings.hidden, np.float32))


def first_categorical_machine(numbers, settings, seed):
    """The same for sites; visible biases are the logs of the frequencies, of mean zero at every site."""
    states = settings.states
    frequencies = np.stack([(numbers == state).mean(axis=0) for state in range(states)], axis=1)
    logs = np.log(np.maximum(frequencies, 0.001))
    visible_bias = (logs - logs.mean(axis=1, keepdims=True)).astype(np.float32).ravel()
    weights = np.random.default_rng(seed).normal(0, 0.01, (len(visible_bias), settings.hidden))
    return Machine(
        weights.astype(np.float32), visible_bias, np.zeros(settings.hidden, np.float32),
        visible_states=[states] * numbers.shape[1])


def one_hot(numbers, states):
    """uint8 [samples, sites·states] of state numbers [samples, sites]"""
    return np.eye(states, dtype=np.uint8)[numbers].reshape(len(numbers), -1)


def precisions(data):
    """γ: the inverse variances of the columns, none of which counts as less than a hundredth of the mean one."""
    variances = data.var(axis=0, dtype=np.float64)
    return 1 / np.maximum(variances, 0.01 * variances.mean())


def unit_means(data):
    """The mean of every visible unit, kept off 0 and 1: the law that persistent chains start from."""
    return np.clip(data.mean(axis=0), 0.001, 0.999).astype(np.float32)
