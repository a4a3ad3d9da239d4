"""Bernoulli draws for the tuned PyTorch loops: uniforms by whole-tensor integer operations on all threads.

torch.bernoulli and uniform_ run one Mersenne Twister on one thread. Here every element has a linear
congruential generator of its own (Numerical Recipes' constants, seeded from torch's generator), whose upper
23 bits become the mantissa of a float in [1, 2).
"""

import torch

MULTIPLIER, INCREMENT = 1664525, 1013904223


class Draws:
    """Draws for blocks of one shape, `[rows, units]`."""

    def __init__(self, rows, units):
        low, high = -(2**31), 2**31
        self.state = torch.randint(low, high, (rows, units), dtype=torch.int32)
        self.increment = torch.tensor(INCREMENT, dtype=torch.int32)
        self.bits = torch.empty_like(self.state)
        self.uniforms = self.bits.view(torch.float32)

    def next(self):
        """The next uniforms in [0, 1), good until the next call."""
        torch.add(self.increment, self.state, alpha=MULTIPLIER, out=self.state)
        torch.bitwise_right_shift(self.state, 9, out=self.bits)
        # The shift keeps the sign, so the bits lie around zero; around 1.5 they are the floats of [1, 2).
        self.bits.add_(0x3FC00000)
        return self.uniforms.sub_(1)

    def less_than(self, means, out):
        """out ← 1 with probability means, else 0."""
        torch.lt(self.next(), means, out=out)
