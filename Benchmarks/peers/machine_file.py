"""Machines in the project's model format: one safetensors file."""

import json

import numpy as np
from safetensors.numpy import load_file, save_file

from contenders.interface import Machine


def write(machine, path):
    tensors = {
        "weights": machine.weights, "visible_bias": machine.visible_bias, "hidden_bias": machine.hidden_bias,
        "reference_visible_bias": machine.reference_visible_bias, "visible_precision": machine.visible_precision,
    }
    present = {name: np.ascontiguousarray(x, np.float32) for name, x in tensors.items() if x is not None}
    save_file(present, path, metadata=metadata(machine))


def metadata(machine):
    common = {"format": "boltzmann/1", "hidden_units": "bernoulli"}
    if machine.visible_states is not None:
        return {**common, "visible_units": "categorical", "visible_states": json.dumps(machine.visible_states)}
    return {**common, "visible_units": "bernoulli" if machine.visible_precision is None else "gaussian"}


def read(path):
    """A machine of bernoulli units: what trainings go on from, sampling and annealing work with."""
    tensors = load_file(path)
    return Machine(
        tensors["weights"], tensors["visible_bias"], tensors["hidden_bias"],
        tensors.get("reference_visible_bias"))
