"""Fits the yes-or-no questions that the model asks of a reply, one for every answer that it can give.

A category's is the mean of three regressions that see different features or count errors differently: they
are wrong about different replies, so where they agree more can be trusted. A mean of weighted sums is a
weighted sum, so the program asks no more than if there were one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression, RidgeClassifier

from cadence.core.replies import AUTOMATIC, Category, LossReason
from cadence.mail.intent.features import BLOCKS
from cadence.mail.intent.model import FIRM, reason_output
from training.matrix import Reply
from training.vocabulary import Vocabulary

CATEGORIES = sorted(category.value for category in Category if category not in AUTOMATIC)
REASONS = [reason.value for reason in LossReason]
CATEGORY_C, REASON_C, FIRM_C = 8.0, 8.0, 12.0
"""How closely the heads follow the replies; chosen by cross-validation."""
CATEGORY_YES, REASON_YES = 3, 2
"""How much more a reply that is of a category, or gives a reason, counts than one that is not."""
SMOOTH = 0.02
"""What every feature is taken to weigh besides what is seen, so that a rare one is not certain."""
VIEWS = (
    ("words", "pairs", "triples", "letters"),
    ("words", "pairs", "triples", "concepts", "together", "place"),
)
"""Which blocks of features a logistic regression sees; chosen by cross-validation."""
REASON_VIEWS: Mapping[tuple[str, ...], float] = {
    BLOCKS: 2 / 7,
    ("words", "pairs", "triples"): 2 / 7,
    ("letters",): 2 / 7,
    ("concepts", "together", "place"): 1 / 7,
}
"""Which blocks the regressions of a reason see, and the share of each in their mean; chosen likewise."""
LEAST_SQUARES = 8.5
"""What makes scores of least squares, which aim at 1 and -1, as wide as those of logistic regression."""


@dataclass(frozen=True)
class Head:
    """What one yes-or-no question makes of the features: a weight each, and where it begins."""

    weights: np.ndarray
    start: float

    @classmethod
    def fit(cls, x: csr_matrix, y: list[bool], c: float, yes: int) -> "Head":
        """Fit a logistic regression on features as loud as naive Bayes finds them telling (NB-SVM).

        Wang and Manning, "Baselines and Bigrams" (2012), there for counts and the ratio itself; its root
        does better here.
        """
        loud = telling(x, np.array(y))
        fitted = LogisticRegression(
            C=c, solver="liblinear", class_weight={True: yes, False: 1}, tol=1e-3, random_state=0
        ).fit(x @ diags(loud), y)
        return cls(fitted.coef_[0] * loud, float(fitted.intercept_[0]))


def of_categories(x: csr_matrix, meant: Sequence[str], vocabulary: Vocabulary) -> list[Head]:
    """Fit the head of every category."""
    squares = RidgeClassifier(alpha=1.0, class_weight="balanced").fit(x, meant)
    weights, starts = LEAST_SQUARES * squares.coef_, LEAST_SQUARES * squares.intercept_
    for blocks in VIEWS:
        columns = vocabulary.columns(blocks)
        seen = x[:, columns]
        for place, name in enumerate(CATEGORIES):
            head = Head.fit(seen, [one == name for one in meant], CATEGORY_C, CATEGORY_YES)
            weights[place, columns] += head.weights
            starts[place] += head.start
    parts = 1 + len(VIEWS)
    return [Head(row / parts, float(start) / parts) for row, start in zip(weights, starts, strict=True)]


def of_reasons(x: csr_matrix, given: Sequence[frozenset[str]], vocabulary: Vocabulary) -> list[Head]:
    """Fit the head of every reason on replies that give some: the mean of what each view makes of it."""
    views = [(vocabulary.columns(blocks), share) for blocks, share in REASON_VIEWS.items()]
    heads = []
    for name in REASONS:
        weights, start = np.zeros(x.shape[1]), 0.0
        for columns, share in views:
            head = Head.fit(x[:, columns], [name in one for one in given], REASON_C, REASON_YES)
            weights[columns] += share * head.weights
            start += share * head.start
        heads.append(Head(weights, start))
    return heads


def telling(x: csr_matrix, y: np.ndarray) -> np.ndarray:
    """How much each feature tells the replies that are meant from all others."""
    meant = np.asarray(x[y].sum(axis=0)).ravel() + SMOOTH
    others = np.asarray(x[~y].sum(axis=0)).ravel() + SMOOTH
    ratios: np.ndarray = np.abs(np.log((meant / meant.sum()) / (others / others.sum())))
    return np.sqrt(ratios)


class Heads:
    """A head for every category, for every reason where one is given, and for a firm no."""

    def __init__(self, x: csr_matrix, replies: Sequence[Reply], vocabulary: Vocabulary) -> None:
        self.heads = of_categories(x, [reply.category for reply in replies], vocabulary)
        told = [place for place, reply in enumerate(replies) if reply.reasons]
        self.heads += of_reasons(x[told], [replies[place].reasons for place in told], vocabulary)
        firm = LogisticRegression(C=FIRM_C, solver="liblinear", random_state=0)
        firm.fit(x, [reply.firm_no for reply in replies])
        self.heads.append(Head(firm.coef_[0], float(firm.intercept_[0])))

    def weights(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Outputs, weights by output and feature, intercepts."""
        outputs = [*CATEGORIES, *map(reason_output, map(LossReason, REASONS)), FIRM]
        weights = np.vstack([head.weights for head in self.heads])
        return outputs, weights, np.array([head.start for head in self.heads])
