"""Where steps stand on a line of time."""

from cadence.core.replies import Category
from cadence.core.sequence import Anchor, Audience, Duration, Sequence, Step
from cadence.core.storyboard import SUPPOSED_CONTRACT, storyboard


def after(name: str, words: str, **more: object) -> Step:
    return Step(name, after=Duration.parse(words), **more)  # type: ignore[arg-type]


def sequence(*steps: Step) -> Sequence:
    return Sequence("demo", "Demo", Audience.LOST, Duration.parse("1 year"), steps)


def test_steps_of_the_chain_follow_one_another():
    board = storyboard(sequence(after("a", "2 days"), after("b", "5 business days")))
    assert [(spot.number, spot.day) for spot in board.lanes[0].spots] == [(1, 2.0), (2, 9.0)]


def test_a_repeated_step_comes_again_until_the_end_or_as_often_as_it_says():
    endless = storyboard(sequence(after("a", "5 days", repeat=Duration.parse("100 days"))))
    assert endless.lanes[0].spots[0].again == (105.0, 205.0, 305.0)
    twice = storyboard(sequence(after("a", "5 days", repeat=Duration.parse("100 days"), times=2)))
    assert twice.lanes[0].spots[0].again == (105.0,)


def test_a_branch_has_a_lane_of_its_own_that_begins_with_the_reply():
    board = storyboard(
        sequence(
            after("a", "2 days"),
            after("thanks", "1 day", on=Category.FEEDBACK),
            after("pulse", "3 days", on=Category.FEEDBACK),
        )
    )
    assert [lane.title for lane in board.lanes] == ["If nobody answers", "After a reply: feedback"]
    assert [(spot.number, spot.day) for spot in board.lanes[1].spots] == [(2, 1.0), (3, 4.0)]


def test_what_hangs_on_a_date_stands_at_its_distance_from_it():
    end = Step("renewal", at=Anchor("deal.competitor_contract_end", -1, Duration.parse("90 days")))
    year = Step("year", at=Anchor("deal.lost_at", 1, Duration.parse("10 days")))
    board = storyboard(sequence(after("a", "2 days"), end, year))
    assert [lane.spots[0].day for lane in board.lanes[1:]] == [SUPPOSED_CONTRACT - 90, 10.0]


def test_the_line_goes_from_0_to_1_and_never_beyond():
    board = storyboard(sequence(after("a", "2 days")))
    assert [board.at(day) for day in (-5, 0, board.days, 10_000)] == [0, 0, 1, 1]
    assert board.at(7) > 7 / board.days
