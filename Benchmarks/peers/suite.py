"""The suite: every task with its data, settings, peers and bars. `quick` is the same with little of everything."""

import data
from contenders.interface import GANSettings, Settings
from tasks import AnnealTask, GANTask, RealTrainTask, SampleTask, TrainTask
from trained import trained_machine

TUNED = ["pytorch-dense", "pytorch-rows"]
SOFTMAX = ["softmax-ordinary", "softmax-dense", "softmax-rows"]
EVERYONE = ["scikit-learn", "numpy", "rbms", "pytorch-ordinary", *TUNED, "pytorch-bfloat16"]


def suite(folder, quick=False):
    images = 2_000 if quick else 60_000

    def mnist(count=images):
        return lambda: data.mnist(folder, count)

    def machine(runner):
        return trained_machine(runner, data.mnist(folder, images), *((64, 2) if quick else (500, 10)))

    # After few minibatches, persistent chains still scatter the scores by more than the check allows.
    def checked_after(epochs):
        return {"check_epochs": 20 if quick else epochs}

    def width(hidden):
        return hidden // 10 if quick else hidden

    # Sparse data start at the logit of their means: from zero biases the first minibatches reconstruct half of
    # all units, which is nobody's work.
    sparse = {"visible_bias_from_data": True}
    pcd10 = Settings(width(500), "pcd", steps=10)
    return [
        TrainTask(
            "cd1", "CD-1, MNIST 784 × 500, minibatch 100", EVERYONE,
            {"pytorch": 2.0, "pytorch-ordinary": 2.5, "scikit-learn": 5.0}, mnist(), Settings(width(500)),
            **checked_after(3)),
        TrainTask(
            "cd1-wide", "CD-1, MNIST 784 × 1,000, minibatch 500", TUNED, {"pytorch": 1.7},
            mnist(), Settings(width(1000), batch_size=500), **checked_after(3)),
        TrainTask(
            "one-hot", "CD-1, 50 letters of 21 one-hot, 1,050 × 200, minibatch 100", TUNED, {"pytorch": 3.5},
            lambda: data.one_hot(folder, 1_000 if quick else 20_000), Settings(width(200), **sparse),
            **checked_after(6)),
        TrainTask(
            "categorical", "CD-1, 50 sites × 21 states × 200, minibatch 100", SOFTMAX, {"pytorch": 3.5},
            lambda: data.letters(folder, 1_000 if quick else 20_000),
            Settings(width(200), visible_kind="categorical:21", **sparse), **checked_after(6)),
        RealTrainTask(
            "gaussian", "CD-1, MNIST 784 real × 500, minibatch 100", ["gaussian-dense"], {},
            lambda: data.real_mnist(folder, images),
            Settings(width(500), visible_kind="gaussian", learning_rate=0.001, visible_bias_from_data=True),
            **checked_after(3)),
        TrainTask(
            "sparse", "CD-1, 2 % ones, 10,000 × 256, minibatch 100", TUNED, {"pytorch": 4.0},
            lambda: data.sparse(folder, 200 if quick else 5_000, 1_000 if quick else 10_000),
            Settings(width(256), **sparse), **checked_after(6)),
        TrainTask(
            "minibatch10", "CD-1, MNIST 784 × 500, minibatch 10", TUNED, {"pytorch": 1.5},
            mnist(min(images, 10_000)), Settings(width(500), batch_size=10, learning_rate=0.01),
            **checked_after(3)),
        TrainTask(
            "pcd10", "PCD-10, MNIST 784 × 500, minibatch 100, first epochs", ["pytorch-dense"], {}, mnist(), pcd10,
            **checked_after(2)),
        TrainTask(
            "pcd10-late", "PCD-10, MNIST 784 × 500, minibatch 100, from the 10th epoch on", TUNED,
            {"pytorch": 2.5}, mnist(), pcd10, skipped=2 if quick else 9, **checked_after(2)),
        GANTask(
            "gan", "GAN, generator 128–256–256–784 and mirrored discriminator, MNIST, minibatch 100",
            ["pytorch-gan"], {"pytorch-gan": 1.0}, lambda: data.real_mnist(folder, images),
            GANSettings(128, [width(256), width(256)])),
        SampleTask(
            "sampling", "Gibbs sampling, MNIST 784 × 500, 100 chains × 1,000 steps",
            ["numpy", "pytorch-ordinary", *TUNED], {}, machine, chains=100, length=100 if quick else 1_000),
        AnnealTask(
            "ais", "AIS, MNIST 784 × 500, 100 chains × 14,500 temperatures", ["numpy"], {"numpy": 4.0},
            machine, chains=100, length=300 if quick else 14_500),
    ]
