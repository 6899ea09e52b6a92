"""sequence.toml: every fault is found, with its line and what would be right."""

from datetime import UTC, datetime, time

import pytest

from cadence.content.catalogue import load
from cadence.content.keys import BRANCHES
from cadence.core.errors import ContentError
from cadence.core.model import Place
from cadence.core.reactions import react
from cadence.core.replies import Category, Verdict
from cadence.core.sequence import Anchor, Audience, Duration, From, Sequence, Thread, Unit

TOML = "demo/sequence.toml"
FIRST = '[[step]]\nname = "hello"\nafter = "2 hours"\nsubject = "Thank you"\n'


def test_the_right_sequence_has_no_findings(bench):
    assert bench.lint() == []


def test_every_key_arrives_in_the_sequence(bench):
    text = """\
name = "All of it"
audience = "former"
ends = "1 year"
language = "de"

[window]
days = ["sat", "sun"]
hours = "00:00-24:00"
holidays = "send"

[spacing]
prospect = "4 days"
account = "none"

[replies]
not_now = "60 days"
out_of_office = "3 days"

[[step]]
name = "hello"
after = "2 hours"
within = "24 hours"
from = "executive"
subject = "Eins"
subjects = { en = "One" }
unless = "feedback"

[step.window]
hours = "08:00-10:00"

[[step]]
name = "again"
after = "45 days"
repeat = "60 days"
times = 3
pool = "stories"
unless = ["feedback", "not_now"]

[[step]]
name = "end"
at = "deal.competitor_contract_end - 90 days"
review = true
thread = "reply"

[[step]]
name = "why"
on = "feedback_declined"
after = "1 business day"
subject = "Zwei"
"""
    words = {f"demo/{step}.md.j2": "Guten Tag" for step in ("end", "why")}
    story = {"stories/one.md.j2": '+++\ntitle = "One"\n+++\nGuten Tag'}
    content = bench.load({TOML: text, **words, **story})
    sequence = content.sequence
    assert (sequence.name, sequence.title, sequence.audience) == ("demo", "All of it", Audience.FORMER)
    assert sequence.ends == Duration(1, Unit.YEARS)
    assert content.language == "de"
    assert sequence.window.days == {5, 6}
    assert (sequence.window.opens, sequence.window.closes) == (time(0), time.max)
    assert not sequence.window.skip_holidays
    assert sequence.spacing.prospect == Duration(4, Unit.DAYS)
    assert sequence.spacing.account is None
    assert (sequence.snooze, sequence.away) == (Duration(60, Unit.DAYS), Duration(3, Unit.DAYS))
    hello, again, end, why = sequence.steps
    assert (hello.sender, hello.within) == (From.EXECUTIVE, Duration(24, Unit.HOURS))
    assert hello.unless == {Category.FEEDBACK}
    assert hello.window is not None
    assert (hello.window.opens, hello.window.days) == (time(8), {5, 6})
    assert (again.repeat, again.times, again.pool) == (Duration(60, Unit.DAYS), 3, "stories")
    assert again.unless == {Category.FEEDBACK, Category.NOT_NOW}
    assert end.at == Anchor("deal.competitor_contract_end", -1, Duration(90, Unit.DAYS))
    assert (end.review, end.thread, end.subject) == (True, Thread.REPLY, None)
    assert why.on is Category.FEEDBACK_DECLINED


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ('audience = "lost"', 'audiense = "lost"', 2, 'no key `audiense`; did you mean "audience"?'),
        ('audience = "lost"', 'audience = "lots"', 2, 'did you mean "lost"?'),
        ('ends = "18 months"', 'ends = "18 moons"', 3, "is not a duration"),
        ('ends = "18 months"', "ends = 18", 3, "takes a duration in quotes"),
        ('ends = "18 months"', 'ends = "0 days"', 3, "ends before it begins"),
        ('after = "2 hours"', 'aftr = "2 hours"', 7, 'no key `aftr`; did you mean "after"?'),
        ('after = "2 hours"', 'after = "two hours"', 7, '"4 business days"'),
        ('after = "2 hours"', 'after = "2 hours"\nreview = "yes"', 8, "true or false"),
        ('after = "2 hours"', 'after = "2 hours"\nfrom = "boss"', 8, "there is: rep, executive"),
        ('after = "2 hours"', 'after = "2 hours"\nunless = "fedback"', 8, 'did you mean "feedback"?'),
        (
            'after = "2 hours"',
            'after = "2 hours"\nunless = [\n "feedback",\n "nah"]',
            8,
            '"nah" is no category',
        ),
        ('after = "2 hours"', 'after = "2 hours"\nrepeat = "6 days"', 8, "too often"),
        ('after = "2 hours"', 'after = "2 hours"\nrepeat = "4 business days"', 8, "too often"),
        ('after = "2 hours"', 'after = "2 hours"\nunless_sent = "hello"', 8, "is no branch"),
        ('after = "2 hours"', 'on = "feedback"\nafter = "2 hours"\nunless_sent = "hi"', 9, 'is named "hi"'),
        ('after = "2 hours"', 'after = "2 hours"\ntimes = 3', 8, "`times` without `repeat`"),
        ('after = "2 hours"', 'after = "2 hours"\nrepeat = "9 days"\ntimes = 0', 9, "whole number from 1"),
        ('after = "2 hours"', 'after = "2 hours"\nrepeat = "9 days"\ntimes = true', 9, "whole number"),
        ('after = "2 hours"', 'after = "2 hours"\nwithin = "1 hour"', 8, "never sent"),
        ('after = "2 hours"', "", 6, "does not say when"),
        ('after = "2 hours"', 'after = "2 hours"\non = "interested"', 8, "no step can follow"),
        ('after = "2 hours"', 'after = "2 hours"\npool = "storys"', 8, "stories"),
        ('after = "2 hours"', 'after = "2 hours"\nwindow = "always"', 8, "a table with the keys days"),
        ('after = "2 hours"', 'after = "2 hours"\nwindow = { hour = "09:00-10:00" }', 8, '"hours"'),
        ('after = "2 hours"', 'after = "2 hours"\nwindow = { hours = "10:00-09:00" }', 8, "never opens"),
        ('after = "2 hours"', 'after = "2 hours"\nsubjects = { german = "Danke" }', 8, "language code"),
        ('subject = "Thank you"', "", 5, "needs a `subject`"),
        ('subject = "Thank you"', "subject = 7", 8, "text in quotes"),
        ('name = "hello"', 'name = "Hello you"', 6, '"thank-you"'),
        ('ends = "18 months"\n', 'ends = "18 months"\n[window]\ndays = []\n', 5, "never opens"),
        ('ends = "18 months"\n', 'ends = "18 months"\n[window]\ndays = ["mno"]\n', 5, 'did you mean "mon"?'),
        ('ends = "18 months"\n', 'ends = "18 months"\n[window]\nhours = "9-17"\n', 5, "09:00-16:30"),
        ('ends = "18 months"\n', 'ends = "18 months"\n[window]\nhours = "09:00-25:00"\n', 5, "no hours"),
        ('ends = "18 months"\n', 'ends = "18 months"\n[spacing]\nprospect = "nil"\n', 5, 'or "none"'),
        ('ends = "18 months"\n', 'ends = "18 months"\n[replies]\nlater = "2 days"\n', 5, "no key `later`"),
        ('ends = "18 months"\n', 'ends = "18 months"\nwindow = 3\n', 4, "is a table"),
        ("[[step]]", "[step]", 5, "two brackets"),
        ('ends = "18 months"', 'ends = "18 months', 3, "must end on its line"),
    ],
)
def test_a_fault_is_found_at_its_line(was, becomes, line, words, bench):
    assert was in bench.sequence
    found = bench.lint({TOML: bench.sequence.replace(was, becomes)})
    assert any(f.startswith(f"{TOML}:{line}: error: ") and words in f for f in found), found


@pytest.mark.parametrize("key", ["name", "audience", "ends"])
def test_a_required_key_is_missed(key, bench):
    lines = [
        line for line in bench.sequence.splitlines() if not line.startswith(f"{key} =") or "hello" in line
    ]
    found = bench.lint({TOML: "\n".join(lines)})
    assert len(found) == 1
    assert f"`{key}` is missing" in found[0]


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        (
            '[[step]]\nname = "hello"\nafter = "1 day"\nsubject = "b"\n',
            10,
            'two steps are named "hello"; the other is at line 6',
        ),
        ('[[step]]\nname = "two"\nat = "deal.lost_at"\nafter = "1 day"\nsubject = "b"\n', 12, "two forms"),
        ('[[step]]\nname = "two"\nat = "deal.lost_at"\non = "feedback"\nsubject = "b"\n', 12, "two forms"),
        ('[[step]]\nname = "two"\nat = "deal.lost"\nsubject = "b"\n', 11, 'did you mean "deal.lost_at"?'),
        ('[[step]]\nname = "two"\nat = "deal.lost_at - 3 days"\nsubject = "b"\n', 11, "is never sent"),
        ('[[step]]\nname = "two"\nat = "deal.lost_at + a while"\nsubject = "b"\n', 11, "is not a duration"),
        (
            '[[step]]\nname = "two"\nat = "deal.lost_at"\nrepeat = "60 days"\nsubject = "b"\n',
            12,
            "cannot repeat",
        ),
        ('[[step]]\nname = "two"\non = "feedback"\nsubject = "b"\n', 10, "counted from the reply"),
        (
            '[[step]]\nname = "two"\non = "feedbak"\nafter = "1 day"\nsubject = "b"\n',
            11,
            'did you mean "feedback"?',
        ),
        ('[[step]]\nname = "two"\nafter = "2 years"\nsubject = "b"\n', 9, "never reached"),
        (
            '[[step]]\nname = "two"\nafter = "1 day"\nfrom = "executive"\nthread = "reply"\n',
            13,
            "replies, but no step before",
        ),
    ],
)
def test_steps_are_seen_together(more, line, words, bench):
    found = bench.lint({"demo/two.md.j2": "Hello"}, steps=FIRST + more)
    assert any(f.startswith(f"{TOML}:{line}: ") and words in f for f in found), found


def test_a_step_behind_one_that_repeats_for_ever_is_never_reached(bench, finds):
    endless = FIRST + 'repeat = "60 days"\n[[step]]\nname = "two"\nafter = "1 day"\nsubject = "b"\n'
    finds(
        f"{TOML}:10",
        'never reached: "hello" before it repeats',
        steps=endless,
        files={"demo/two.md.j2": "Hi"},
    )
    bounded = endless.replace('repeat = "60 days"', 'repeat = "60 days"\ntimes = 2')
    assert bench.lint({"demo/two.md.j2": "Hi"}, steps=bounded) == []


def test_repetitions_count_towards_the_end(finds):
    steps = FIRST + 'repeat = "60 days"\ntimes = 12\n[[step]]\nname = "two"\nafter = "1 day"\nsubject = "b"\n'
    finds(f"{TOML}:11", "never reached", "18 months", steps=steps, files={"demo/two.md.j2": "Hi"})


def test_something_must_come_first(bench):
    found = bench.lint(steps='[[step]]\nname = "hello"\nat = "deal.lost_at"\nsubject = "b"\n')
    assert [f for f in found if "nothing would ever be sent first" in f]


def test_loading_raises_the_first_fault(bench):
    with pytest.raises(ContentError) as raised:
        bench.load({TOML: bench.sequence.replace("audience", "audiense")})
    assert (raised.value.path, raised.value.line) == (TOML, 1)
    assert "`audience` is missing" in raised.value.message


def test_a_missing_sequence_file_is_a_finding(finds, bench):
    finds(f"{TOML}:1", "no sequence.toml", files={TOML: None})
    with pytest.raises(ContentError):
        load({}, "demo")


def test_a_file_that_is_not_utf8_is_a_finding(finds):
    finds(f"{TOML}:2", "not UTF-8", files={TOML: b'name = "Demo"\n# \xff\n'})


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(bench):
    assert bench.lint({TOML: b"\xef\xbb\xbf" + bench.sequence.replace("\n", "\r\n").encode()}) == []


def test_branches_are_those_that_replies_lead_to():
    sequence = Sequence("demo", "Demo", Audience.LOST, Duration(1, Unit.YEARS), ())
    lead = {
        category
        for category in Category
        if react(
            Verdict(category, 1.0, ()),
            sequence=sequence,
            place=Place(),
            received_at=datetime(2026, 3, 2, tzinfo=UTC),
        ).branch
    }
    assert lead == set(BRANCHES)
