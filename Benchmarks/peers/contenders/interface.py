"""What every contender takes and gives.

A contender is a module with a `train`, and where it competes there an `anneal` or a `sample`:

    train(data, epochs, settings, seed, start=None) -> Machine
        data      uint8 [samples, visible], zeros and ones; the number of samples is a multiple of the minibatch
        start     a Machine to go on from; without it `first_machine`
    anneal(machine, inverse_temperatures, chains, seed) -> float
        log Z by annealed importance sampling, in nats
    sample(machine, chains, steps, seed) -> uint8 [chains, visible]
        the visible states after `steps` steps of block Gibbs sampling

All follow E(v, h) = −bᵀv − cᵀh − vᵀWh with W [visible, hidden], and the plain gradient without centring or decay:

    ΔW ← momentum·ΔW + learning_rate·(⟨v⁰ E[h | v⁰]ᵀ⟩ − ⟨vᵏ E[h | vᵏ]ᵀ⟩),   W += ΔW
"""

from dataclasses import dataclass
from typing import Optional

import numpy as np


@dataclass(frozen=True)
class Settings:
    hidden: int
    method: str = "cd"  # or "pcd", with as many chains as a minibatch has samples
    steps: int = 1
    batch_size: int = 100
    learning_rate: float = 0.05
    momentum: float = 0.0
    visible_bias_from_data: bool = False  # start at the logit of the data's means, else at zero


@dataclass
class Machine:
    weights: np.ndarray  # float32 [visible, hidden]
    visible_bias: np.ndarray  # float32 [visible]
    hidden_bias: np.ndarray  # float32 [hidden]
    reference_visible_bias: Optional[np.ndarray] = None  # where annealing and sampling start


def first_machine(data, settings, seed):
    """W ~ N(0, 0.01²), hidden biases zero."""
    visible = data.shape[1]
    weights = np.random.default_rng(seed).normal(0, 0.01, (visible, settings.hidden)).astype(np.float32)
    visible_bias = np.zeros(visible, np.float32)
    if settings.visible_bias_from_data:
        means = unit_means(data)
        visible_bias = np.log(means / (1 - means))
    return Machine(weights, visible_bias, np.zeros(settings.hidden, np.float32))


def unit_means(data):
    """The mean of every visible unit, kept off 0 and 1: the law that persistent chains start from."""
    return np.clip(data.mean(axis=0), 0.001, 0.999).astype(np.float32)
