"""Lines of TOML: every key and value is found where it stands, whatever the file looks like."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.content.toml import LARGEST, read
from cadence.core.errors import ContentError

TEXT = '''\
# a comment with = and [brackets]
a = 1   # first
"b c" = "x # no comment"
d.e.f = [
  1, # one
  [2, 3],
  { g = "]", h = [4] },
]

[i]
j = """
[[not.a.table]]
k = \\"""1\\"""
"""
l = \'\'\'
m = 1\'\'\'
[[n]]
o = 'its'
[n.p]
q = 2026-03-02T09:00:00Z
[[n]]
o = { r = { s = 1 } }
[n.p.t]
u = true
[[n.v]]
w = 1
[[n.v]]
w = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("b c",), 3),
        (("d",), 4),
        (("d", "e", "f"), 4),
        (("d", "e", "f", 0), 5),
        (("d", "e", "f", 1, 1), 6),
        (("d", "e", "f", 2, "g"), 7),
        (("d", "e", "f", 2, "h", 0), 7),
        (("i",), 10),
        (("i", "j"), 11),
        (("i", "l"), 15),
        (("n", 0), 17),
        (("n", 0, "o"), 18),
        (("n", 0, "p", "q"), 20),
        (("n", 1), 21),
        (("n", 1, "o", "r", "s"), 22),
        (("n", 1, "p", "t", "u"), 24),
        (("n", 1, "v", 0, "w"), 26),
        (("n", 1, "v", 1, "w"), 28),
        (("n", 1, "nothing"), 21),
        (("nothing",), 1),
    ],
)
def test_a_value_is_found_at_its_line(path, line):
    assert read(TEXT, "x.toml").line(*path) == line


def test_lines_count_from_where_the_text_begins_in_its_file():
    assert read("a = 1\nb = 2", "x.toml", first_line=5).line("b") == 6


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = ", 2), ("a = 1\na = 2", 2), ("a = [1,\n2", 2), ('a = "x\nb = 1', 1), ("[a\n", 1)],
)
def test_a_fault_of_syntax_has_its_line(text, line):
    with pytest.raises(ContentError) as raised:
        read(text, "x.toml")
    assert raised.value.line == line
    assert "at line" not in raised.value.message


def test_what_nobody_wrote_by_hand_is_refused():
    with pytest.raises(ContentError, match="nested"):
        read("a = " + "[" * 20_000 + "]" * 20_000, "x.toml")
    assert LARGEST < 1_000_000


KEYS = st.text("abc_-", min_size=1, max_size=3) | st.sampled_from(['"a b"', "'c.d'", '"\\u00e4"', '"#"'])
SCALARS = st.sampled_from(
    [
        *("1", "-2.5", "true", "2026-03-02", "09:30:00", "2026-03-02 09:30:00"),
        '"x"',
        "'y'",
        '"a#]},"',
        "'[{='",
        '""',
        '"""\n"q" ]\n"""',
        '"""a""""',
        "'''\nb\n'''",
        '"\\"\\\\"',
        '""""""',
    ]
)


def _inline(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    table = st.dictionaries(KEYS, children, max_size=2).map(
        lambda d: "{ " + ", ".join(f"{k} = {v}" for k, v in d.items()) + " }"
    )
    return st.lists(children, max_size=3).map(lambda items: "[\n" + ",\n# c\n".join(items) + "\n]") | table


VALUES = st.recursive(SCALARS, _inline, max_leaves=6)


@given(
    st.lists(st.tuples(KEYS, VALUES), max_size=5),
    st.lists(st.sampled_from(["", "# a = 1", "  "]), max_size=3),
)
def test_every_key_of_every_file_is_found_on_a_line_that_spells_it(pairs, blank):
    lines: list[str] = []
    expected: dict[str, int] = {}
    for index, (key, value) in enumerate(pairs):
        lines += blank
        lines.append(f"[[t]]\n{key} = {value}")
        expected[str(index)] = "\n".join(lines).count("\n") - value.count("\n") + 1
    text = "\n".join(lines) + "\n"
    try:
        tables = tomllib.loads(text).get("t", [])
    except tomllib.TOMLDecodeError:
        return  # two keys of one inline table were the same
    document = read(text, "x.toml")
    for index, table in enumerate(tables):
        (name,) = table
        assert document.line("t", index, name) == expected[str(index)]


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("a = 1\nname: x", "this is not of the form name = value", 2),
        ("a = yes", "a value is missing or is none", 1),
        ("a = “x”", "a value is missing or is none", 1),
        ('a = "x', "a text in quotes never ends", 1),
        ('a = "x\ny"', "a text in quotes must end on its line", 1),
        ("a = 'x", "a text in quotes never ends", 1),
        ("a = 1 b = 2", "the value ends here", 1),
        ('a = "\\q"', "a backslash is written twice", 1),
        ("a = {b = 1", "a bracket is never closed", 1),
        ("[a", "the brackets around the name of a table are not closed", 1),
        ("a = 1\na = 2", "this name has a value already", 2),
        ("a = {b=1, b=2}", "this name has a value already", 1),
        ("[x]\n[x]", "this table is there already", 2),
        ("= 1", "this is neither name = value nor a [table]", 1),
        ("a = {b=1,}", "a name is missing", 1),
    ],
)
def test_what_is_no_toml_is_said_in_plain_words(text: str, says: str, line: int) -> None:
    with pytest.raises(ContentError, match=re.escape(says)) as fault:
        read(text, "x.toml")
    assert fault.value.line == line
    assert "Expected" not in str(fault.value)
