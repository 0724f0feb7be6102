"""scikit-learn's stratified folds and NumPy's random numbers beneath them: the fixtures of FoldsTests and Mt19937Tests.

    python3 tests/reference/make_folds_golden.py

Written with scikit-learn 1.2 and NumPy 1.24. Labels and folds are strings with one digit a row.
"""
import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

FOLDER = Path(__file__).resolve().parents[1] / "CovidCt.Core.Tests/Data/Fixtures"


def digits(values):
    return "".join(str(int(value)) for value in values)


def split(name, labels, folds, seed):
    labels = np.asarray(labels)
    test = np.empty(len(labels), int)
    for index, (_, rows) in enumerate(StratifiedKFold(folds, shuffle=True, random_state=seed).split(labels, labels)):
        test[rows] = index
    return {"name": name, "labels": digits(labels), "folds": folds, "seed": seed, "testFold": digits(test)}


def generator(seed):
    draws = [int(np.uint32(value)) for value in np.random.RandomState(seed).randint(0, 2**32, 1300, dtype=np.uint32)]
    shuffled = np.arange(1000)
    np.random.RandomState(seed).shuffle(shuffled)
    return {"seed": seed, "first": draws[:8], "last": draws[-8:], "draws": len(draws), "shuffled": shuffled.tolist()}


# In ordinal path order COVID19-CT begins with CT_COVID, and SARS-CoV-2 CT-scan with COVID; both are class 1 here.
covid19_ct = [1] * 349 + [0] * 397
sars_cov_2 = [1] * 1252 + [0] * 1229
cases = [split("COVID19-CT", covid19_ct, 5, seed) for seed in (0, 1, 42, 2**31 - 1)]
cases += [split("SARS-CoV-2 CT-scan", sars_cov_2, 5, 0), split("COVID19-CT", covid19_ct, 10, 7)]
for number, (rows, classes, folds) in enumerate([(10, 2, 2), (23, 2, 3), (61, 3, 4), (100, 2, 10), (257, 5, 7), (300, 4, 5)]):
    labels = np.random.RandomState(number).randint(0, classes, rows)
    labels[: 2 * folds * classes] = np.resize(np.arange(classes)[::-1], min(rows, 2 * folds * classes))
    cases += [split("mixed", labels, folds, seed) for seed in (number, 12345)]

FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "folds-golden.json").write_text(json.dumps(cases, indent=1) + "\n")
(FOLDER / "mt19937-golden.json").write_text(json.dumps([generator(seed) for seed in (0, 1, 5489, 2**32 - 1)]) + "\n")
