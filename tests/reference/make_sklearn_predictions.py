#!/usr/bin/python3
"""Predictions of three scikit-learn models on COVID19-CT, as somebody would make them who has never heard of CovidCt.

    /usr/bin/python3 tests/reference/make_sklearn_predictions.py COVID19-CT OUT      (scikit-learn 1.2, Pillow 9)

Each image is 16 x 16 gray pixels. Under StratifiedGroupKFold with the patients as groups, each fold is answered by models that were
fitted to the others. OUT gets predictions.csv, and auc.json with scikit-learn's area under the ROC curve for each model and fold. Neither
belongs into the repository: they are made from scans.
"""

import csv
import json
import pathlib
import sys

import numpy as np
from PIL import Image
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS, SIDE = 5, 16

MODELS = {
    "logistic regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, C=0.01)),
    "random forest": lambda: RandomForestClassifier(300, random_state=0),
    "gradient boosting": lambda: GradientBoostingClassifier(random_state=0),
}


def table(path, name, patient, others=()):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return {row[name].strip(): (row[patient].strip(), *(row[o].strip() for o in others)) for row in csv.DictReader(file)}


def images(root):
    covid = table(root / "COVID-CT-MetaInfo.csv", "File name", "Patient ID", ("Gender",))
    other = table(root / "NonCOVID-CT-MetaInfo.csv", "image name", "patient id")
    for folder, label, known in (("CT_NonCOVID", 0, other), ("CT_COVID", 1, covid)):
        for path in sorted((root / folder).iterdir()):
            who, *rest = known.get(path.name, (path.name,))
            yield path, label, f"{label} {who}", rest[0] if rest else ""


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.BILINEAR), dtype=float).ravel() / 255


def main(root, out):
    listed = list(images(root))
    x = np.stack([pixels(path) for path, *_ in listed])
    y = np.array([label for _, label, *_ in listed])
    patients = [patient for *_, patient, _ in listed]
    rows, areas = [], {name: {} for name in MODELS}
    for fold, (train, test) in enumerate(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(x, y, patients)):
        for name, make in MODELS.items():
            score = make().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
            areas[name][str(fold)] = roc_auc_score(y[test], score)
            for i, p in zip(test, score):
                path, label, patient, sex = listed[i]
                rows.append([f"{path.parent.name}/{path.name}", label, patient, sex, name, fold, repr(float(p))])
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "predictions.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["filename", "y_true", "patient_id", "sex", "model", "fold", "y_score"], *rows])
    (out / "auc.json").write_text(json.dumps(areas, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
