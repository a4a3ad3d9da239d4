"""scikit-learn's BernoulliRBM, as it is.

It learns by PCD-1 whatever is asked for, without momentum, in the order of the file, and starts from
W ~ N(0, 0.01²), zero biases and chains of zeros. Given float32 it computes in float32.
"""

import numpy as np
from sklearn.neural_network import BernoulliRBM

from .interface import Machine


def train(data, epochs, settings, seed, start=None):
    model = BernoulliRBM(
        n_components=settings.hidden, learning_rate=settings.learning_rate, batch_size=settings.batch_size,
        n_iter=epochs, random_state=seed,
    )
    model.fit(data.astype(np.float32))
    weights = np.ascontiguousarray(model.components_.T)
    return Machine(weights, model.intercept_visible_, model.intercept_hidden_)
