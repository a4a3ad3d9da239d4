"""MovieLens by other programs, on the folds that `boltzmann recommend split` wrote.

usage: ratings.py surprise FOLDER        RMSE and MAE of Surprise's BaselineOnly and SVD on train-k.tsv, test-k.tsv
       ratings.py dense FILE [EPOCHS]    seconds an epoch of CD-1 on dense one-hot tensors, by PyTorch

Needs numpy, and scikit-surprise or torch: none of them is installed by run.sh.
"""

import glob
import os
import statistics
import sys
import time


def folds(folder):
    """The pairs of files to learn from and to predict, in order."""
    trains = sorted(glob.glob(os.path.join(folder, "train-*.tsv")))
    return [(train, train.replace("train-", "test-")) for train in trains]


def surprise(folder):
    from surprise import SVD, BaselineOnly, Dataset, Reader, accuracy
    from surprise.model_selection import PredefinedKFold

    pairs = folds(folder)
    if not pairs:
        sys.exit(f"{folder}: no train-1.tsv there (boltzmann recommend split --folds 5 --output {folder})")
    data = Dataset.load_from_folds(pairs, Reader("ml-100k"))
    for name, algorithm in [("BaselineOnly", BaselineOnly), ("SVD", SVD)]:
        scores = []
        for train, test in PredefinedKFold().split(data):
            options = {"random_state": 0} if algorithm is SVD else {"verbose": False}
            predictions = algorithm(**options).fit(train).test(test)
            scores.append((accuracy.rmse(predictions, verbose=False), accuracy.mae(predictions, verbose=False)))
        rmse, mae = (statistics.mean(column) for column in zip(*scores))
        print(f"{name}\tRMSE {rmse:.4f}\tMAE {mae:.4f}\tfolds {' '.join(f'{r:.4f}' for r, _ in scores)}")


def one_hot(path):
    """Ratings 1 … 5 as a tensor [users, items, 5] of zeros and ones; users in the order of the file."""
    import torch

    users, items, rows = {}, {}, []
    with open(path) as file:
        for line in file:
            user, item, rating = line.split()[:3]
            rows.append((users.setdefault(user, len(users)), items.setdefault(item, len(items)), int(rating) - 1))
    dense = torch.zeros(len(users), len(items), 5)
    u, i, k = torch.tensor(rows).T
    dense[u, i, k] = 1
    return dense


def dense(path, epochs=5, hidden=100, batch=20, rate=0.01, momentum=0.9, decay=0.001):
    """The same mathematics where nothing is left out: softmax over all sites, masked by what was rated."""
    import torch

    data = one_hot(path)
    users, items, levels = data.shape
    w = 0.01 * torch.randn(items * levels, hidden)
    b, c = torch.zeros(items, levels), torch.zeros(hidden)
    velocity = [torch.zeros_like(p) for p in (w, b, c)]
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        for indices in torch.randperm(users).split(batch):
            v = data[indices]
            mask = v.sum(2, keepdim=True)
            flat = v.flatten(1)
            h = torch.sigmoid(torch.addmm(c, flat, w))
            logits = (torch.bernoulli(h) @ w.T).view(-1, items, levels) + b
            probabilities = torch.softmax(logits, 2).view(-1, levels)
            drawn = torch.multinomial(probabilities, 1).view(-1, items)
            model = torch.nn.functional.one_hot(drawn, levels).float() * mask
            model_flat = model.flatten(1)
            h_model = torch.sigmoid(torch.addmm(c, model_flat, w))
            gradients = (
                flat.T @ h - model_flat.T @ h_model - decay * w,
                (v - model).sum(0),
                (h - h_model).sum(0),
            )
            for parameter, speed, gradient in zip((w, b, c), velocity, gradients):
                speed.mul_(momentum).add_(gradient, alpha=rate)
                parameter.add_(speed)
        seconds.append(time.perf_counter() - start)
    print(f"PyTorch {torch.__version__}, dense, {users} × {items} × {levels}, {hidden} hidden: "
          f"{statistics.median(seconds):.3f} s an epoch (median of {epochs})")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["surprise", folder]:
            surprise(folder)
        case ["dense", path]:
            dense(path)
        case ["dense", path, epochs]:
            dense(path, int(epochs))
        case _:
            sys.exit(__doc__)
