"""Markdown: one reading gives both parts, and no value can be taken for markup."""

import html
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one\ntwo"),
        ("one\\\ntwo", "one\ntwo"),
        ("a **b** _c_ `d`", "a b c `d`"),
        ("# Title\n\nwords", "Title\n\nwords"),
        ("- a\n- b", "- a\n- b"),
        ("- a\n\n- b", "- a\n\n- b"),
        ("3. a\n4. b\n   c", "3. a\n4. b c"),
        ("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d"),
        ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
        ("> a\n>\n> b", "> a\n>\n> b"),
        ("a\n\n***\n\nb", "a\n\n* * *\n\nb"),
        ("a\n---\nb", "a\n\n* * *\n\nb"),
        ("    not code", "not code"),
        ("<b>a</b>", "<b>a</b>"),
        ("[us](https://ours.example/a?b=c)", "us (https://ours.example/a?b=c)"),
        ("<https://ours.example>", "https://ours.example"),
        ("[https://ours.example](https://ours.example)", "https://ours.example"),
        ("[a@ours.example](mailto:a@ours.example)", "a@ours.example"),
        ("[write](mailto:a@ours.example)", "write (a@ours.example)"),
        ("&amp; &copy;", "& ©"),
    ],
)
def test_markdown_reads_well_as_plain_text(words, text, bench):
    assert bench.text(words) == text


def test_lists_and_links_are_html(bench):
    assert bench.html("- a\n- [b](https://b.example)") == (
        '<ul>\n<li>a</li>\n<li><a href="https://b.example">b</a></li>\n</ul>'
    )


def test_html_is_not_markup(bench):
    assert bench.html("<b>a</b> & b") == "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"


def test_a_value_may_be_a_link(bench):
    site = {"website": "https://ours.example/ä?a=1&b=2"}
    assert (
        bench.text("[us]({{ company.website }})", company=site) == "us (https://ours.example/%C3%A4?a=1&b=2)"
    )
    assert 'href="https://ours.example/%C3%A4?a=1&amp;b=2"' in bench.html(
        "[us]({{ company.website }})", company=site
    )


def test_a_value_inside_a_link_is_only_a_part_of_it(bench):
    name = {"name": 'A&B "x" /../ ?#'}
    found = bench.text("[us](https://ours.example/?q={{ account.name }})", account=name)
    assert found == "us (https://ours.example/?q=A%26B%20%22x%22%20%2F..%2F%20%3F%23)"


def test_lines_of_a_value_stay_lines(bench):
    company = {"postal_address": "1 Sample Street\nSampletown"}
    assert bench.text("At:\n{{ company.postal_address }}", company=company).startswith("At: 1 Sample")
    assert (
        "1 Sample Street<br />\nSampletown"
        in bench.load(words="{{ company.postal_address }}").render("hello", bench.known(company=company)).html
    )


TEMPLATES = (
    "{{ account.name }}",
    "{{ account.name }}. Then",
    "1{{ account.name }}. Then",
    "- {{ account.name }}\n- b",
    "# {{ account.name }}",
    "> {{ account.name }}",
    "*{{ account.name }}* and **{{ account.name }}**",
    "_{{ account.name }}_a",
    "[{{ account.name }}](https://x.example) and [x](https://x.example/{{ account.name }})",
    "{{ account.name }}{{ account.name }}",
    "{{ account.name ~ account.name }}",
    '{{ "at " ~ account.name | replace("a", "b") }}',
    "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(account.name) }} {{ m(account.name) ~ account.name }}",
    "{% set s %}*{{ account.name }}*{% endset %}{{ s }} {{ account.name + s }}",
    "&{{ account.name }};",
    "<{{ account.name }}>",
    "{{ account.name }}\n===",
    "[{{ account.name }}]: https://x.example\n\n[{{ account.name }}]",
)
VALUES = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text("*_[]()<>!`#-+=.>:/\\&;\"'| 1a\u00a0", min_size=1, max_size=30),
    st.sampled_from(
        [
            "1. a",
            "- a",
            "    a",
            "[a](http://b)",
            "<b>x</b>",
            "&lt;",
            "&#42;",
            "```",
            "***",
            "a\\",
            "# a",
            "\U0010fe00",
        ]
    ),
)


def _acceptable(value: str) -> bool:
    return bool(value.strip()) and all(
        unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")
        and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for c in value.strip()
    )


def _structure(source: str) -> list[str]:
    return re.findall(r"<[^>]*>", re.sub(r'href="[^"]*"', "href", source))


@pytest.mark.parametrize("template", TEMPLATES)
@given(value=VALUES.filter(_acceptable))
def test_no_value_changes_the_structure_of_a_mail(template, value, bench):
    content = bench.load(words=template)
    plain = content.render("hello", bench.known(account={"name": "x"}))
    mail = content.render("hello", bench.known(account={"name": value}))
    assert _structure(mail.html) == _structure(plain.html)
    assert mail.text.count("\n") == plain.text.count("\n")
    if "replace" not in template and "](https://x.example/" not in template:
        assert value.strip().rstrip(".") in mail.text
        assert value.strip().rstrip(".") in html.unescape(mail.html)


HTML_TEMPLATES = (
    "<p>{{ account.name }}</p>",
    '<p title="{{ account.name }}">x</p>',
    "<p title='{{ account.name }}'>x</p>",
    "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}"
    "{{ m(account.name) ~ account.name }}{{ m(account.name) + account.name }}",
    '<a href="https://x.example/?q={{ account.name | urlencode }}">x</a>',
)


@pytest.mark.parametrize("template", HTML_TEMPLATES)
@given(value=VALUES.filter(_acceptable))
def test_no_value_breaks_out_of_html(template, value, bench):
    files = {"demo/hello.md.j2": None, "demo/hello.txt.j2": "x", "demo/hello.html.j2": template}
    content = bench.load(files)

    def tags(name: str) -> list[tuple[str, list[str]]]:
        found = []

        class Reader(HTMLParser):
            def handle_starttag(self, tag, attrs):
                found.append((tag, [key for key, _ in attrs]))

            def handle_endtag(self, tag):
                found.append((f"/{tag}", []))

            def handle_comment(self, data):
                found.append(("comment", []))

        reader = Reader()
        reader.feed(content.render("hello", bench.known(account={"name": name})).html)
        reader.close()
        return found

    assert tags(value) == tags("x")


@given(value=VALUES)
def test_no_value_breaks_out_of_the_subject(value, bench):
    content = bench.load(subject="For {{ account.name or 1 }}")
    try:
        subject = content.render("hello", bench.known(account={"name": value})).subject
    except InvalidInput:
        return
    assert len(subject.splitlines()) == 1
    assert subject.startswith("For ")
    assert subject == f"For {value.strip() or 1}"
