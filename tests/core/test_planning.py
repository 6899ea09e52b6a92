"""The course through a sequence: which mail comes next, and when."""

from datetime import UTC, date, datetime, timedelta

from cadence.core.planning import after_a_reply, entering, following, on_reply, opening, stay_in_touch
from cadence.core.replies import Category
from cadence.core.sequence import Duration
from tests.core.factories import NOW, after, contract_end_minus, course, sequence

DAYS_45, DAYS_60 = Duration.parse("45 days"), Duration.parse("60 days")
STORY = after("45 days", "story", repeat=DAYS_60, pool="stories")


def test_the_first_step_counts_from_the_loss():
    lost_at = NOW - timedelta(hours=1)
    (plan,) = opening(course(sequence(after("2 hours", "thanks")), lost_at=lost_at))
    assert (plan.step, plan.due_at, plan.base_at) == ("thanks", lost_at + timedelta(hours=2), lost_at)


def test_the_next_step_counts_from_the_one_before():
    c = course(sequence(after("2 hours", "thanks"), after("4 days", "ask")))
    plan = following(c, "thanks", 1, NOW)
    assert (plan.step, plan.due_at) == ("ask", NOW + timedelta(days=4))


def test_branches_are_no_part_of_the_chain():
    explain = after("1 day", "explain", on=Category.FEEDBACK_DECLINED)
    c = course(sequence(after("2 hours", "thanks"), explain, after("4 days", "ask")))
    assert following(c, "thanks", 1, NOW).step == "ask"
    assert on_reply(c, Category.FEEDBACK_DECLINED, NOW).step == "explain"
    assert on_reply(c, Category.FEEDBACK, NOW) is None


def test_a_branch_is_spared_once_the_step_left_that_says_the_same():
    explain = after("1 day", "explain", on=Category.FEEDBACK_DECLINED, unless_sent="reason")
    c = course(sequence(after("2 hours", "thanks"), after("4 days", "reason"), explain))
    assert on_reply(c, Category.FEEDBACK_DECLINED, NOW, {"thanks"}).step == "explain"
    assert on_reply(c, Category.FEEDBACK_DECLINED, NOW, {"thanks", "reason"}) is None


def test_the_steps_of_a_branch_follow_one_another():
    on = Category.FEEDBACK_DECLINED
    c = course(sequence(after("2 hours"), after("1 day", "explain", on=on), after("2 days", "offer", on=on)))
    assert following(c, "explain", 1, NOW).step == "offer"
    assert following(c, "offer", 1, NOW) is None


def test_a_repeating_step_follows_itself_until_the_end():
    c = course(sequence(after("2 hours"), STORY))
    assert following(c, "story", 1, NOW).due_at == NOW + timedelta(days=60)
    assert following(c, "story", 1, NOW).occurrence == 2
    assert following(c, "story", 9, c.ends_at - timedelta(days=59)) is None


def test_a_step_that_repeats_a_number_of_times_makes_way():
    story = after("45 days", "story", repeat=DAYS_60, times=2)
    c = course(sequence(story, after("1 month", "farewell")))
    assert following(c, "story", 1, NOW).step == "story"
    assert following(c, "story", 2, NOW).step == "farewell"


def test_an_anchored_step_hangs_on_its_date():
    c = course(
        sequence(after("2 hours"), contract_end_minus("90 days")), competitor_contract_end=date(2027, 1, 31)
    )
    assert [(p.step, p.due_at) for p in opening(c)][1] == ("renewal", datetime(2026, 11, 2, tzinfo=UTC))


def test_an_anchored_step_without_its_date_or_past_the_end_is_not_planned():
    steps = sequence(after("2 hours"), contract_end_minus("90 days"))
    assert len(opening(course(steps))) == 1
    assert len(opening(course(steps, competitor_contract_end=date(2031, 1, 1)))) == 1


def test_nothing_follows_an_anchored_step():
    c = course(
        sequence(after("2 hours"), contract_end_minus("90 days")), competitor_contract_end=date(2027, 1, 31)
    )
    assert following(c, "renewal", 1, NOW) is None


def test_staying_in_touch_goes_on_at_the_repeating_step():
    plan = stay_in_touch(course(sequence(after("2 hours"), STORY)), 3, NOW)
    assert (plan.step, plan.occurrence, plan.due_at) == ("story", 3, NOW + timedelta(days=60))


def test_the_chain_keeps_its_distance_from_a_reply():
    c = course(sequence(after("2 hours"), after("10 days", "offer"), STORY))
    soon = following(c, "mail", 1, NOW - timedelta(days=8))
    assert after_a_reply(c, soon, NOW).due_at == NOW + timedelta(days=10)
    late = following(c, "offer", 1, NOW)
    assert after_a_reply(c, late, NOW - timedelta(days=1)) == late


def test_a_step_can_be_entered_where_the_one_before_is_gone():
    c = course(sequence(after("2 hours"), after("4 days", "ask")))
    assert entering(c, "ask", NOW).due_at == NOW
    assert entering(c, "nowhere", NOW) is None


def test_every_plan_says_why():
    c = course(
        sequence(after("2 hours"), STORY, contract_end_minus("90 days")),
        competitor_contract_end=date(2027, 1, 31),
    )
    plans = [
        *opening(c),
        following(c, "mail", 1, NOW),
        following(c, "story", 1, NOW),
        stay_in_touch(c, 1, NOW),
    ]
    assert [p.why for p in plans] == [
        "2 hours after the deal was lost",
        "deal.competitor_contract_end - 90 days",
        "45 days after mail",
        "60 days after the last one",
        "60 days after they agreed to stay in touch",
    ]


def test_the_chain_waits_for_the_mail_that_answers_a_reply():
    c = course(sequence(after("2 hours"), after("10 days", "offer")))
    offer = following(c, "mail", 1, NOW)
    moved = after_a_reply(c, offer, NOW + timedelta(days=5), "thanks")
    assert (moved.due_at, moved.why) == (NOW + timedelta(days=15), "10 days after thanks")
