"""Templates: every unknown name is found without rendering, at its line, with a way out."""

import pytest

WORDS = "demo/hello.md.j2"


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ("Hello {{ prospect.compnay }}", 1, "no `prospect.compnay`; did you mean `account.name`?"),
        ("Hello {{ prospect.industry }}", 1, "did you mean `account.industry`?"),
        ("Hello {{ deal.winner }}", 1, "did you mean `deal.competitor`?"),
        ("Hello {{ links.zzz }}", 1, "there is: unsubscribe"),
        ("Hello\n\n{{ prospect.frist_name }}", 3, 'did you mean "first_name"?'),
        ("Hello\n{{ prospect.frist_name | upper }}", 2, 'did you mean "first_name"?'),
        ("Hello\n{{ prospect['frist_name'] }}", 2, 'did you mean "first_name"?'),
        ('Hello\n{{ "a" | replace("a", prospect.frist_name) }}', 2, 'did you mean "first_name"?'),
        ("{% if deal.competitr %}\nHello\n{% endif %}", 1, 'did you mean "competitor"?'),
        ("{% for x in sender.signatur | lines %}{{ x }}{% endfor %}", 1, 'did you mean "signature"?'),
        ("Hello {{ first_name }}", 1, "did you mean `prospect.first_name`?"),
        ("Hello {{ prospet.first_name }}", 1, 'did you mean "prospect"?'),
        ("Hello {{ story.title }}", 1, "only in a step with `pool`"),
        ("Hello {{ body }}", 1, "no variable `body`"),
        ("Hello {{ account.name | uper }}", 1, 'no filter `uper`; did you mean "upper"?'),
        ("{% if account.name is stirng %}a{% endif %}", 1, "no test `is stirng`"),
        ("Hello {{ account.name", 1, "end of"),
        ("Hello\n{% if account.name %}", 2, "endif"),
        ("Hello\n{% iff account.name %}", 2, "unknown tag 'iff'"),
        ('{% include "_shared/fotter.md.j2" %}', 1, 'no file "_shared/fotter.md.j2"'),
        (
            '{% from "_shared/macros.md.j2" import helo %}',
            1,
            'no macro `helo` in that file; did you mean "hello"?',
        ),
        ('{% import "_shared/macros.md.j2" as m %}{{ m.helo(prospect) }}', 1, 'did you mean "hello"?'),
        ("{% for x in [1] %}{{ loop.lst }}{% endfor %}", 1, 'did you mean "last"?'),
        ("{{ deal.name.foo }}", 1, "`.foo` cannot be used"),
        ('{% extends "_shared/layout.html.j2" %}', 1, "{% extends %} is not used"),
        ("{% block x %}a{% endblock %}", 1, "write a {% macro %}"),
        ("{% filter upper %}a{% endfilter %}", 1, "{% filter %} is not used"),
        ("{% include account.name %}", 1, "in quotes"),
        ("{{ range(9) }}", 1, "no variable `range`"),
        ("{{ lipsum() }}", 1, "no variable `lipsum`"),
        ("Hello \U0010fe00", 1, "keeps for itself"),
    ],
)
def test_what_cannot_work_is_found_at_its_line(words, line, message, bench):
    macros = {"_shared/macros.md.j2": "{% macro hello(prospect) %}Hello{% endmacro %}"}
    found = bench.lint(macros, words=words)
    assert found, "nothing found"
    assert found[0].startswith(f"{WORDS}:{line}: error: "), found
    assert message in found[0]


def test_macros_are_examined_where_they_stand(finds):
    macros = "{% macro hello(person) %}\nHello {{ person.frist_name }}\n{% endmacro %}"
    finds("_shared/macros.md.j2:2", "`person.frist_name`", files={"_shared/macros.md.j2": macros})


def test_an_argument_named_like_a_group_is_checked_like_it(finds):
    macros = "{% macro hello(prospect) %}{{ prospect.amount }}{% endmacro %}"
    finds("_shared/macros.md.j2:1", "`prospect.amount`", files={"_shared/macros.md.j2": macros})


def test_a_subject_is_examined_at_its_line(finds):
    finds("demo/sequence.toml:8", "`prospect.compnay`", subject="Hi {{ prospect.compnay }}")


def test_names_that_an_author_brings_are_known(bench):
    words = """\
{% from "_shared/macros.md.j2" import hello, bye as farewell %}
{% import "_shared/macros.md.j2" as m %}
{% set vendor = deal.competitor or "the other vendor" %}
{% set long %}{{ vendor }}!{% endset %}
{% with x = 1 %}{{ x }}{% endwith %}
{{ hello(prospect) }} {{ m.hello(person=prospect) }} {{ farewell() }} {{ vendor }} {{ long }}
{% for line in ["a", "b"] %}{{ loop.index }} {{ line }}{% else %}none{% endfor %}
{% call m.around() %}words{% endcall %}
"""
    macros = (
        '{% macro hello(person) %}Hello {{ person.first_name or "you" }} at {{ account.name }}{% endmacro %}'
        "{% macro bye() %}Bye{% endmacro %}{% macro around() %}({{ caller() }}){% endmacro %}"
    )
    assert bench.lint({"_shared/macros.md.j2": macros}, words=words) == []


def test_a_step_without_words_is_an_error_that_names_the_file(finds):
    finds(
        "demo/sequence.toml:6",
        "demo/hello.md.j2 is missing",
        files={"demo/hello.md.j2": None, "demo/helo.txt": None},
    )


def test_a_misnamed_file_is_suggested_both_ways(bench):
    found = bench.lint({"demo/hello.md.j2": None, "demo/helo.md.j2": "Hello"})
    assert 'did you mean "helo"?' in found[1]
    assert found[0] == 'demo/helo.md.j2:1: warning: no step uses this file; did you mean "hello"?'


def test_words_are_written_once(bench):
    found = bench.lint({"demo/hello.txt.j2": "Hello"})
    assert "has its words twice" in found[0]


def test_both_parts_are_needed(finds):
    finds(
        "demo/sequence.toml:6", "hello.html.j2", files={"demo/hello.md.j2": None, "demo/hello.txt.j2": "Hi"}
    )


def test_a_layout_is_needed(finds):
    finds("_shared/layout.txt.j2:1", "{{ body }}", files={"_shared/layout.txt.j2": None})


def test_a_sequence_may_have_a_layout_of_its_own(bench):
    own = "{{ body }} own {{ company.postal_address }} {{ links.unsubscribe }}"
    content = bench.load({"demo/layout.txt.j2": own})
    assert " own " in content.render("hello", bench.context).text


def test_languages_of_words_and_subjects_belong_together(bench):
    found = bench.lint({"demo/hello.de.md.j2": "Guten Tag"})
    assert found == [
        'demo/sequence.toml:8: warning: step "hello" has words in "de" but no subject: '
        '`subjects = { de = "…" }`'
    ]
    steps = bench.sequence.partition("\n\n")[2] + 'subjects = { fr = "Merci" }\n'
    assert "hello.fr.md.j2 is missing" in bench.lint(steps=steps)[0]


def test_large_attachments_are_found(bench):
    assert "a link is kinder" in bench.lint({"demo/hello/plan.pdf": b"x" * 1_100_000})[0]
    assert "larger than 10 MB" in bench.lint({"demo/hello/plan.pdf": b"x" * 10_100_000})[0]


@pytest.mark.parametrize(
    ("html", "line", "message"),
    [
        ("<p>\n<a href={{ links.unsubscribe }}>x</a></p>", 2, "put quotes"),
        ("<p {{ account.name }}>", 1, "name of an element or an attribute"),
        ('<a href="{{ account.name }}">x</a>', 1, "only a link can begin `href`"),
        ('<a href="javascript:x()">x</a>', 1, "no link"),
        ('<a href="/prices">x</a>', 1, "begin it with https://"),
        ('<p style="color:{{ account.name }}">x</p>', 1, "part of a style"),
        ("<style>\np { color: {{ account.name }} }</style>", 2, "inside <style>"),
        ("<script>x</script>", 1, "<script> does not work"),
        ('<p onclick="x">x</p>', 1, "`onclick` does not work"),
    ],
)
def test_html_that_would_not_be_safe_is_found(html, line, message, bench):
    found = bench.lint({"demo/hello.md.j2": None, "demo/hello.txt.j2": "Hi", "demo/hello.html.j2": html})
    assert found[0].startswith(f"demo/hello.html.j2:{line}: error: "), found
    assert message in found[0]


def test_html_that_is_safe_is_not_found(bench):
    html = (
        '<p class="a" title="it\'s {{ account.name }}, {{ deal.name }}">{{ account.name }}\n'
        "<a href=\"{{ links.unsubscribe }}\">x</a> <a href='mailto:{{ sender.email }}'>y</a>\n"
        '<a href="https://x.example/?q={{ account.name | urlencode }}">z</a></p>'
    )
    files = {"demo/hello.md.j2": None, "demo/hello.txt.j2": "Hi", "demo/hello.html.j2": html}
    assert bench.lint(files) == []


@pytest.mark.parametrize(
    "words", ["Hello\n<b>you</b>", "Hello\n![logo](https://x.example/a.png)", "a\n<br/>"]
)
def test_html_and_images_in_markdown_are_warned_of(words, finds):
    finds(f"{WORDS}:2: warning", "shown as typed", words=words)
