"""Samples and lint: every mail is tried on made-up people, on those enrolled, and on one hardly known."""

import pytest

from cadence.content.lint import lint
from cadence.content.samples import STAND_IN, Sample

SAMPLE = "demo/sample.toml"


def test_what_a_sample_leaves_out_is_stood_in_for(bench):
    (sample,) = bench.load().samples
    assert sample.name == "Ada"
    assert sample.context["account"] == STAND_IN["account"]
    assert (sample.path, sample.line, sample.language) == (SAMPLE, 1, "en")


def test_the_full_name_follows_from_its_parts(bench):
    prospect = '{ first_name = "Ada", last_name = "Bell", language = "de" }'
    text = f'[[sample]]\nname = "Our Ada"\nprospect = {prospect}\n'
    (sample,) = bench.load({SAMPLE: text}).samples
    assert (sample.name, sample.language) == ("Our Ada", "de")
    assert sample.context["prospect"]["name"] == "Ada Bell"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[[sample]]\n[sample.prospekt]\n", 2, 'did you mean "prospect"?'),
        ('[[sample]]\n[sample.prospect]\nfrist_name = "Ada"\n', 3, 'did you mean "first_name"?'),
        ('[[sample]]\nprospect = "Ada"\n', 2, "is a table"),
        ("[[sample]]\n[sample.account]\nname = true\n", 1, "account.name is a bool"),
        ('[[sample]]\n[sample.company]\nwebsite = "javascript:x"\n', 1, "no link"),
        ("[[smaple]]\n", 1, "write [[sample]]"),
        ("", 1, "write [[sample]]"),
        ("[[sample]]\n[sample.sender]\n", 2, "no group `sender`"),
        ("[[sample]\n", 1, ""),
    ],
)
def test_a_fault_in_a_sample_is_found_at_its_line(text, line, words, bench):
    found = bench.lint({SAMPLE: text})
    assert found[0].startswith(f"{SAMPLE}:{line}: error: "), found
    assert words in found[0]


def test_no_sample_is_a_warning(finds):
    finds(f"{SAMPLE}:1: warning", "no made-up person", files={SAMPLE: None})


def test_a_mail_that_fails_for_some_names_one_and_counts_the_rest(bench):
    people = [Sample(f"person {n}", bench.known()) for n in range(4)]
    found = lint(bench.snapshot(words="Hello {{ prospect.first_name }}"), "demo", people=people)
    assert [str(f) for f in found] == [
        "demo/hello.md.j2:1: error: `prospect.first_name` is not known for this person; write "
        '{{ prospect.first_name or "…" }}, or ask {% if prospect.first_name %} first '
        "(for person 0 and 3 more)"
    ]


def test_a_fault_of_one_person_does_not_keep_the_others_from_their_mail(bench):
    people = [Sample("bad@x.example", bench.known(prospect={"first_name": "a\nb"}))]
    (found,) = lint(bench.snapshot(), "demo", people=people)
    assert str(found).startswith(
        "demo/sequence.toml:8: warning: mails to bad@x.example would be held: prospect.first_name"
    )


def test_a_step_is_not_tried_on_people_it_will_not_reach(bench):
    steps = bench.sequence.partition("\n\n")[2] + (
        '[[step]]\nname = "end"\nat = "deal.competitor_contract_end"\nsubject = "End"\n'
        '[[step]]\nname = "boss"\non = "feedback"\nafter = "1 day"\nfrom = "executive"\nthread = "reply"\n'
    )
    words = {
        "demo/end.md.j2": "{{ deal.competitor_contract_end | day }}",
        "demo/boss.md.j2": "{{ sender.name }}",
    }
    nobody = {**bench.known(), "executive": None, "thread": None}
    people = [Sample("a@x.example", nobody), Sample("b@x.example", {**bench.known(), "thread": None})]
    assert lint(bench.snapshot(words, steps=steps), "demo", people=people) == ()


def test_what_would_be_held_for_some_is_a_warning(bench):
    found = bench.lint(words="Hello {{ prospect.first_name }}")
    assert len(found) == 1
    assert found[0].startswith("demo/hello.md.j2:1: warning: this mail would be held for some people: ")


def test_the_date_that_a_step_hangs_on_is_always_known(bench):
    steps = bench.sequence.partition("\n\n")[2] + (
        '[[step]]\nname = "end"\nat = "deal.competitor_contract_end"\nsubject = "End"\n'
    )
    sample = "[[sample]]\n[sample.deal]\ncompetitor_contract_end = 2027-03-02\n"
    words = "It ends on {{ deal.competitor_contract_end | day }}."
    assert bench.lint({"demo/end.md.j2": words, SAMPLE: sample}, steps=steps) == []


def test_every_language_is_tried(bench):
    steps = bench.sequence.partition("\n\n")[2] + 'subjects = { de = "Danke" }\n'
    found = bench.lint({"demo/hello.de.md.j2": "Hallo {{ deal.competitor }}"}, steps=steps)
    assert found[0].startswith("demo/hello.de.md.j2:1: warning: ")


@pytest.mark.parametrize(
    ("part", "gone", "words"),
    [
        ("txt", "{{ links.unsubscribe }}", "opt out"),
        ("html", "{{ links.unsubscribe }}", "opt out"),
        ("txt", "{{ company.postal_address }}", "postal address"),
        ("html", "{{ company.postal_address }}", "postal address"),
    ],
)
def test_no_layout_leaves_out_what_the_law_asks_for(part, gone, words, bench, finds):
    path = f"_shared/layout.{part}.j2"
    layout = bench.snapshot()[path].decode().replace(gone, "https://x.example")
    finds(f"{path}:1: error", words, files={path: layout})


def test_a_long_subject_is_a_warning(finds):
    finds("demo/sequence.toml:8: warning", "80 characters", subject="x" * 80)
