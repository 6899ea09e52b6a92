"""Whatever stands in the files, lint answers with findings, each of them in a file and on a line of it."""

from hypothesis import given
from hypothesis import strategies as st

from cadence.content.lint import lint

FILES = {
    "demo/sequence.toml": """\
name = "Demo"
audience = "lost"
ends = "18 months"
[window]
days = ["mon", "tue"]
hours = "09:00-16:30"
[[step]]
name = "hello"
after = "2 hours"
within = "1 day"
subject = "Thank you, {{ prospect.first_name or 'you' }}"
unless = ["feedback"]
[[step]]
name = "story"
after = "45 days"
repeat = "60 days"
pool = "stories"
subjects = { de = "{{ story.title }}" }
""",
    "demo/hello.md.j2": """\
{% from "_shared/macros.md.j2" import hello -%}
{{ hello(prospect) }} {% if deal.product %}*{{ deal.product | upper }}*{% endif %}
[x](https://x.example)
{% for line in ["a", "b"] %}- {{ loop.index }} {{ line ~ "x" }}
{% endfor %}
""",
    "_shared/macros.md.j2": """\
{% macro hello(person, language="en") %}
Hi {{ person.first_name or "you" }}
{% endmacro %}
""",
    "stories/one.md.j2": """\
+++
title = "One"
sizes = { min = 1 }
loss_reasons = ["price"]
+++
Hi {{ account.name }}
""",
    "stories/one.de.md.j2": '+++\ntitle = "Eins"\n+++\nHallo',
}
SPLICES = st.lists(
    st.tuples(
        st.sampled_from(sorted(FILES)),
        st.integers(0, 600),
        st.integers(0, 12),
        st.text(max_size=4)
        | st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                '"',
                "'''",
                "[[",
                "]",
                "=",
                "\n",
                "+++",
                "a.b",
                "| x",
                "\x00",
                "\ud800",
                "{# ",
            ]
        ),
    ),
    min_size=1,
    max_size=3,
)


def test_the_files_are_right_as_they_are(bench):
    assert bench.lint(FILES) == []


@given(SPLICES)
def test_lint_answers_with_findings_whatever_the_files_hold(bench, splices):
    texts = dict(FILES)
    for path, at, length, new in splices:
        texts[path] = texts[path][:at] + new + texts[path][at + length :]
    snapshot = bench.snapshot({path: text.encode("utf-8", "surrogatepass") for path, text in texts.items()})
    for finding in lint(snapshot, "demo"):
        lines = snapshot.get(finding.path, b"").count(b"\n") + 1
        assert 1 <= finding.line <= lines, finding
        assert finding.message


@given(st.dictionaries(st.sampled_from([*FILES, "demo/sample.toml"]), st.binary(max_size=200), max_size=4))
def test_lint_answers_with_findings_for_any_bytes(bench, files):
    assert isinstance(lint(bench.snapshot({**FILES, **files}), "demo"), tuple)
