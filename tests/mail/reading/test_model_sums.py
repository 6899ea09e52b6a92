"""The weights of all outputs are added up in one long number; plain sums are the oracle."""

from random import Random

from cadence.mail.intent.model import Block, Model, model


def plain(asked: Model, values: list[tuple[Block, int, float]]) -> list[float]:
    width = len(asked.outputs)
    return [
        start + sum(value * block.weights[place * width + column] for block, place, value in values)
        for column, start in enumerate(asked.intercepts)
    ]


def test_one_long_number_holds_the_sums_of_all_outputs() -> None:
    asked, chance = model(), Random(7)
    blocks = list(asked.blocks.values())
    for count in (0, 1, 30, 2_000):
        chosen = [chance.choice(blocks) for _ in range(count)]
        values = [(block, chance.randrange(len(block.idf)), chance.random()) for block in chosen]
        for ours, theirs in zip(asked._scores(values), plain(asked, values), strict=True):
            assert abs(ours - theirs) < 1e-6
