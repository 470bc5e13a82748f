#!/usr/bin/env python3
"""Scores of scikit-learn (and of PyTorch for the network of digits-cnn) on the splits of the examples.

The split of a job is a pure function of its seed, so the few lines under "The split" find the very rows that Martlet
trains on and tests on. Needs numpy and scikit-learn; the convolutional network needs torch and is left out without it.

    scripts/reference-scores.py                    # all examples
    scripts/reference-scores.py diabetes --seed 3  # one of them, with another seed than its job file's
    scripts/reference-scores.py digits-cnn --rows  # the test rows instead: numbers of rows from 0, the header aside
"""

import argparse
import csv
import math
import pathlib
import warnings

import numpy as np

# The split ---------------------------------------------------------------------------------------------------------

MASK = 2**64 - 1


def mix(value):
    z = (value + 0x9E3779B97F4A7C15) & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def permuted(index, count, seed, epoch, stream):
    """Where `index` goes in the permutation of range(count): a Feistel network with cycle walking."""
    key = mix(mix(mix(seed) ^ epoch) ^ stream)
    bits = 1
    while 1 << 2 * bits < count:
        bits += 1
    mask = (1 << bits) - 1
    while True:
        left, right = index >> bits, index & mask
        for round in range(8):
            left, right = right, left ^ (mix(right ^ mix((key + round) & MASK)) & mask)
        index = left << bits | right
        if index < count:
            return index


def apportioned(seats, sizes):
    """`seats` dealt out in proportion to `sizes`: quotas rounded down, then one more for the largest remainders."""
    rows = sum(sizes)
    shares = [size * seats // rows for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda index: (-(sizes[index] * seats % rows), index))
    for index in by_remainder[: seats - sum(shares)]:
        shares[index] += 1
    return shares


def split(groups, seed, test):
    """Row numbers of the training and the test part. `groups` holds each row's class, all 0 if not stratified."""
    sizes = [groups.count(group) for group in range(max(groups) + 1)]
    tests = apportioned(math.floor(len(groups) * test + 0.5), sizes)
    seen, parts = [0] * len(sizes), ([], [])
    for row, group in enumerate(groups):
        place = permuted(seen[group], sizes[group], seed, 0, (1 << 32) | group)
        parts[place < tests[group]].append(row)
        seen[group] += 1
    return parts


# The examples ------------------------------------------------------------------------------------------------------

# Random starts of a network: one alone says little about a test part of a few hundred rows.
STARTS = range(5)
DATA = pathlib.Path(__file__).resolve().parent.parent / "examples" / "data"

# Data file, whether the target is a class, and what is fitted beside Martlet's model.
EXAMPLES = {
    "digits-cnn": ("digits.csv", True),
    "digits-mlp": ("digits.csv", True),
    "breast-cancer": ("breast-cancer.csv", True),
    "diabetes": ("diabetes.csv", False),
}


def load(name):
    file, is_class = EXAMPLES[name]
    with open(DATA / file, newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    inputs = np.array([row[:-1] for row in rows], dtype=np.float32)
    targets = [row[-1] for row in rows]
    if not is_class:
        return inputs, np.array(targets, dtype=np.float32), [0] * len(rows)
    numeric = all(value.isdigit() for value in targets)
    classes = sorted(set(targets), key=int if numeric else str)
    labels = [classes.index(value) for value in targets]
    return inputs, np.array(labels), labels


def reference(name, train_x, train_y, test_x, test_y):
    """What was fitted, and its scores on the test part: one dictionary for each start of a network, or one in all."""
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score, log_loss, mean_absolute_error, r2_score
    from sklearn.neural_network import MLPClassifier

    if name == "diabetes":
        predicted = LinearRegression().fit(train_x, train_y).predict(test_x)
        scores = {"r2": r2_score(test_y, predicted), "mae": mean_absolute_error(test_y, predicted)}
        return "scikit-learn LinearRegression", [scores]

    def classifier_scores(probabilities):
        predicted = probabilities.argmax(1)
        average = "binary" if name == "breast-cancer" else "macro"
        return {
            "accuracy": accuracy_score(test_y, predicted),
            "f1": f1_score(test_y, predicted, average=average),
            "loss": log_loss(test_y, probabilities),
        }

    def fitted(model):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # stopping after 40 epochs is on purpose
            return classifier_scores(model.fit(train_x, train_y).predict_proba(test_x))

    if name == "breast-cancer":
        return "scikit-learn LogisticRegression", [fitted(LogisticRegression(max_iter=1000))]
    if name == "digits-mlp":
        models = [MLPClassifier((128, 64), batch_size=64, max_iter=40, random_state=start) for start in STARTS]
        return "scikit-learn MLPClassifier", [fitted(model) for model in models]
    starts = [torch_probabilities(train_x, train_y, test_x, start) for start in STARTS]
    return "PyTorch, the same network", [classifier_scores(probabilities) for probabilities in starts]


def torch_probabilities(train_x, train_y, test_x, start):
    import torch
    from torch import nn

    torch.manual_seed(start)
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1024, 128), nn.ReLU(), nn.Dropout(0.25), nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    inputs, labels = torch.from_numpy(train_x).reshape(-1, 1, 8, 8), torch.from_numpy(train_y)
    for _ in range(20):
        for batch in torch.randperm(len(labels)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(inputs[batch]), labels[batch]).backward()
            optimizer.step()
    network.eval()
    with torch.no_grad():
        return network(torch.from_numpy(test_x).reshape(-1, 1, 8, 8)).double().softmax(1).numpy()


def summary(metric, figures):
    """The figure, or the mean and the range of several."""
    if len(figures) == 1:
        return f"{metric} {figures[0]:.4f}"
    return f"{metric} {np.mean(figures):.4f} ({min(figures):.4f} to {max(figures):.4f})"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("example", nargs="?", choices=EXAMPLES, help="default: all")
    arguments.add_argument("--seed", type=int, default=7, help="train.seed of the job (default: 7)")
    arguments.add_argument("--rows", action="store_true", help="print the numbers of the test rows instead of scores")
    chosen = arguments.parse_args()
    for name in [chosen.example] if chosen.example else EXAMPLES:
        inputs, targets, groups = load(name)
        train, test = split(groups, chosen.seed, test=0.2)
        if chosen.rows:
            print(f"{name}: {' '.join(map(str, test))}")
            continue
        mean, deviation = inputs[train].mean(0, dtype=np.float64), inputs[train].std(0, dtype=np.float64)
        deviation[deviation == 0] = 1
        scaled = ((inputs - mean) / deviation).astype(np.float32)
        try:
            title, scores = reference(name, scaled[train], targets[train], scaled[test], targets[test])
        except ModuleNotFoundError as missing:
            print(f"{name}: left out, Python has no module '{missing.name}'")
            continue
        figures = ", ".join(summary(metric, [score[metric] for score in scores]) for metric in scores[0])
        print(f"{name}: {len(train)} training and {len(test)} test rows; {title}: {figures}")


if __name__ == "__main__":
    main()
