#!/usr/bin/python3
"""Writes the figures of merit that scikit-learn and NumPy compute, for CovidCt.Core.Tests/Evaluation.

metrics-golden.json: probabilities and labels with their figures. A figure is null where its denominator is zero, which
is decided from the counts here, since scikit-learn puts 0 there.
predictions.csv and results-golden.json: a study's predictions, and the networks of the results.json that they make,
computed from the CSV file alone.

    /usr/bin/python3 tests/reference/make_metrics_golden.py      (scikit-learn 1.2, NumPy 1.24)
"""

import csv
import json
import pathlib

import numpy as np
from sklearn import metrics

FOLDER = pathlib.Path(__file__).parent.parent / "CovidCt.Core.Tests" / "Evaluation" / "Fixtures"
NAMES = ["accuracy", "precision", "sensitivity", "specificity", "f1", "auc"]


def figures(actual, probability):
    actual = np.asarray(actual, dtype=int)
    probability = np.asarray(probability, dtype=float)
    called = (probability >= 0.5).astype(int)
    tn, fp, fn, tp = (int(v) for v in metrics.confusion_matrix(actual, called, labels=[0, 1]).ravel())

    def where(defined, function, *arguments, **options):
        return float(function(*arguments, **options)) if defined else None

    return {
        "tp": tp, "fp": fp, "tn": tn, "fn": fn,
        "accuracy": where(len(actual) > 0, metrics.accuracy_score, actual, called),
        "precision": where(tp + fp > 0, metrics.precision_score, actual, called, zero_division=0),
        "sensitivity": where(tp + fn > 0, metrics.recall_score, actual, called, zero_division=0),
        "specificity": where(tn + fp > 0, metrics.recall_score, actual, called, pos_label=0, zero_division=0),
        "f1": where(2 * tp + fp + fn > 0, metrics.f1_score, actual, called, zero_division=0),
        "auc": where(tp + fn > 0 and tn + fp > 0, metrics.roc_auc_score, actual, probability),
    }


def summary(folds, function, least):
    result = {}
    for name in NAMES:
        values = [fold[name] for fold in folds if fold[name] is not None]
        result[name] = float(function(values)) if len(values) >= least else None
    return result


def cases(random):
    yield "one positive, called so", [1], [0.5]
    yield "one negative, called positive", [0], [0.5]
    yield "one positive, missed", [1], [0.49999999999999994]
    yield "negatives alone, all called so", [0, 0, 0], [0.1, 0.2, 0.3]
    yield "positives alone", [1, 1, 1], [0.1, 0.6, 0.9]
    yield "nothing called positive", [1, 0, 1, 0], [0.1, 0.2, 0.3, 0.4]
    yield "nothing called negative", [1, 0, 1, 0], [0.6, 0.7, 0.8, 0.9]
    yield "perfect", [0, 0, 1, 1], [0.0, 0.3, 0.7, 1.0]
    yield "all wrong", [1, 1, 0, 0], [0.0, 0.3, 0.7, 1.0]
    yield "all tied", [0, 1, 0, 1, 1], [0.5] * 5
    for count, digits in [(10, 1), (40, 1), (149, 2), (149, 17), (746, 3), (746, 17), (2481, 2)]:
        actual = random.integers(0, 2, count)
        probability = np.clip(0.5 + 0.25 * (2 * actual - 1) + 0.35 * random.standard_normal(count), 0, 1)
        yield f"{count} images, {digits} digits", actual.tolist(), np.round(probability, digits).tolist()


def study(random):
    """Names with commas, quotes and per cent signs; an unknown patient; a network that calls nothing positive in a fold."""
    images = []
    for i in range(61):
        name = f'CT_COVID/2020.02.11%2C a, "b"{i}.png' if i % 3 == 0 else f"CT_{i % 2}/{i}.png"
        images.append((name, i % 2))
    patients = ["" if i % 9 == 0 else "Patient %d" % (i // 4) for i in range(61)]
    for network, skill in [("densenet121", 0.4), ("resnet18", 0.15), ("squeezenet1_1", -1.0)]:
        for i, (path, positive) in enumerate(images):
            fold = i % 5
            probability = 0.5 + skill * (positive - 0.5) + 0.3 * (random.random() - 0.5) if skill > 0 else 0.1 + 0.3 * random.random()
            yield [path, "COVID" if positive else "non-COVID", patients[i], network, fold, float(probability)]


def main():
    random = np.random.default_rng(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    golden = [
        {"name": name, "actual": actual, "probability": probability, **figures(actual, probability)}
        for name, actual, probability in cases(random)
    ]
    (FOLDER / "metrics-golden.json").write_text(json.dumps(golden) + "\n")

    rows = sorted(study(random), key=lambda row: (row[3], row[4], row[0]))
    with open(FOLDER / "predictions.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "label", "patient", "network", "fold", "probability"])
        writer.writerows(row[:5] + [repr(row[5])] for row in rows)

    with open(FOLDER / "predictions.csv", newline="") as file:
        read = list(csv.DictReader(file))
    networks = []
    for network in sorted({row["network"] for row in read}):
        folds = []
        for fold in sorted({int(row["fold"]) for row in read if row["network"] == network}):
            part = [row for row in read if row["network"] == network and int(row["fold"]) == fold]
            outcome = figures([row["label"] == "COVID" for row in part], [float(row["probability"]) for row in part])
            folds.append({"fold": fold, **outcome})
        networks.append({
            "name": network,
            "initialization": "random",
            "folds": folds,
            "mean": summary(folds, np.mean, 1),
            "std": summary(folds, lambda values: np.std(values, ddof=1), 2),
        })
    (FOLDER / "results-golden.json").write_text(json.dumps(networks, indent=1) + "\n")


if __name__ == "__main__":
    main()
