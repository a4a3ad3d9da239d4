"""scikit-learn's BernoulliRBM, as it is.

It learns by PCD-1 whatever is asked for, without momentum, and starts from W ~ N(0, 0.01²), zero biases and
chains of zeros. Given float32 it computes in float32. It never shuffles, so the data are shuffled once: in the
order of the file, where a writer's digits follow each other, MNIST ends 10 nats lower after 3 epochs.
"""

import numpy as np
from sklearn.neural_network import BernoulliRBM

from .interface import Machine


def train(data, epochs, settings, seed, start=None):
    model = BernoulliRBM(
        n_components=settings.hidden, learning_rate=settings.learning_rate, batch_size=settings.batch_size,
        n_iter=epochs, random_state=seed,
    )
    order = np.random.default_rng(seed).permutation(len(data))
    model.fit(data[order].astype(np.float32))
    weights = np.ascontiguousarray(model.components_.T)
    return Machine(weights, model.intercept_visible_, model.intercept_hidden_)
