"""Machines in the project's model format: one safetensors file."""

import numpy as np
from safetensors.numpy import load_file, save_file

from contenders.interface import Machine

METADATA = {"format": "boltzmann/1", "visible_units": "bernoulli", "hidden_units": "bernoulli"}


def write(machine, path):
    tensors = {
        "weights": machine.weights, "visible_bias": machine.visible_bias, "hidden_bias": machine.hidden_bias,
        "reference_visible_bias": machine.reference_visible_bias,
    }
    present = {name: np.ascontiguousarray(x, np.float32) for name, x in tensors.items() if x is not None}
    save_file(present, path, metadata=METADATA)


def read(path):
    tensors = load_file(path)
    return Machine(
        tensors["weights"], tensors["visible_bias"], tensors["hidden_bias"],
        tensors.get("reference_visible_bias"))
