"""The features of texts as a sparse matrix, weighed by how much each tells (inverse document frequency)."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

Blocks = Mapping[str, Mapping[str, int]]
"""The features of one text by their kind, and how often each occurs."""


@dataclass(frozen=True)
class Vocabulary:
    """The features of each block with their inverse document frequencies. weights: how loud each block is."""

    weights: Mapping[str, float]
    places: dict[str, dict[str, int]]
    idf: dict[str, list[float]]

    @classmethod
    def of(
        cls, texts: Sequence[Blocks], *, weights: Mapping[str, float], least: Mapping[str, int]
    ) -> "Vocabulary":
        """Collect what occurs often enough. least: in how many texts a feature of each block must occur."""
        places: dict[str, dict[str, int]] = {}
        idf: dict[str, list[float]] = {}
        for block in weights:
            counts = Counter(feature for one in texts for feature in one[block])
            kept = sorted(feature for feature, count in counts.items() if count >= least[block])
            places[block] = {feature: place for place, feature in enumerate(kept)}
            idf[block] = [round(math.log((1 + len(texts)) / (1 + counts[f])) + 1, 3) for f in kept]
        return cls(weights, places, idf)

    def matrix(self, texts: Sequence[Blocks]) -> csr_matrix:
        """One row a text, the blocks side by side."""
        return hstack([self._block(block, texts) * weight for block, weight in self.weights.items()]).tocsr()

    def columns(self, blocks: Collection[str]) -> np.ndarray:
        """The columns of these blocks."""
        owner = np.concatenate([np.full(len(self.places[block]), block in blocks) for block in self.weights])
        return np.flatnonzero(owner)

    def loudness(self) -> np.ndarray:
        """The weight of the block of each column."""
        return np.concatenate(
            [np.full(len(self.places[block]), weight) for block, weight in self.weights.items()]
        )

    def _block(self, block: str, texts: Sequence[Blocks]) -> csr_matrix:
        places, idf = self.places[block], self.idf[block]
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for one in texts:
            row = {places[f]: n for f, n in one[block].items() if f in places}
            raw = [(1 + math.log(count)) * idf[place] for place, count in row.items()]
            length = math.sqrt(sum(value * value for value in raw)) or 1.0
            values += [value / length for value in raw]
            columns += row
            ends.append(len(columns))
        return csr_matrix((np.array(values), columns, ends), shape=(len(texts), len(places)))
