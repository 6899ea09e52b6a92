"""The sandbox: templates write letters and do nothing else, and cannot use up memory or time."""

import time

import pytest

from cadence.content.run import Mode, Run
from cadence.content.sandbox import Sandbox
from cadence.core.errors import ContentError

DOUBLING = "{% set a = 'xxxxxxxxxx' %}" + "".join("{% set a = a ~ a %}" for _ in range(60)) + "{{ a }}"
ADDING = "{% set a = 'xxxxxxxxxx' %}" + "".join("{% set a = a + a %}" for _ in range(60)) + "{{ a }}"
TEN = "[0,1,2,3,4,5,6,7,8,9]"
LOOPS = "".join(f"{{% for {name} in {TEN} %}}" for name in "abcdefgh") + "x" + "{% endfor %}" * 8
SILENT_LOOPS = LOOPS.replace("x{%", "{%")
MACROS = "{% macro m0() %}{% endmacro %}" + "".join(
    f"{{% macro m{n}() %}}{{{{ m{n - 1}() }}}}{{{{ m{n - 1}() }}}}{{% endmacro %}}" for n in range(1, 40)
)


@pytest.mark.parametrize(
    "words",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 9**9**9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'.center(999999999) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ [0] * 999999999 }}",
        "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a | replace('a', 'aaaaaaaaaa') %}" * 8 + "{{ a }}",
        DOUBLING,
        ADDING,
        LOOPS,
        SILENT_LOOPS,
        MACROS + "{{ m39() }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        '{% include "demo/hello.md.j2" %}',
        '{% include "demo/hello.md.j2" %}{% include "demo/hello.md.j2" %}',
        '{% import "demo/hello.md.j2" as m %}',
        "x" * 300_000,
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "-" * 50_000 + "1 }}",
        "{{ " + "1" * 100_000 + " }}",
        "{% if true %}" * 3_000 + "{% endif %}" * 3_000,
    ],
    ids=range(23),
)
def test_no_template_uses_up_memory_or_time(words, bench):
    start = time.process_time()
    with pytest.raises(ContentError):
        bench.load(words=words).render("hello", bench.context)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "words",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ account.__class__ }}",
        "{{ account._values }}",
        "{{ account['_values'] }}",
        "{{ account.name.__class__.__mro__ }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ loop }}",
        "{{ cycler }}",
        "{{ namespace() }}",
        "{{ account.read('name') }}",
        "{{ account.name.encode() }}",
        "{{ account.name.join(['a']) }}",
        "{% for x in [1] %}{{ loop._iterable }}{% endfor %}",
        "{% for x in [1] %}{{ loop(x) }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.name }}",
        "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
        "{% macro m() %}{{ caller._func }}{% endmacro %}{% call m() %}{% endcall %}",
        '{% import "_shared/m.md.j2" as m %}{{ m.__class__ }}',
        '{% import "_shared/m.md.j2" as m %}{{ m._body_stream }}',
        "{% macro m() %}*a*{% endmacro %}{{ m().unescape() }}",
        "{% macro m() %}*a*{% endmacro %}{{ m() | upper }}",
        "{% macro m() %}*a*{% endmacro %}{{ m()[0] }}",
        "{% autoescape false %}{{ account.name }}{% endautoescape %}",
        "{{ account.name | safe }}",
        "{{ account.name | attr('x') }}",
        "{{ account.name | map('upper') }}",
        "{{ account.name | format }}",
        "{{ account() }}",
        "{{ 'a'() }}",
        "{{ (run) }}",
        "{{ ['a'].append('b') }}",
        "{{ {'a': 1}.pop('a') }}",
    ],
)
def test_templates_reach_nothing_but_their_variables(words, bench):
    with pytest.raises(ContentError):
        bench.load({"_shared/m.md.j2": "{% macro x() %}{% endmacro %}"}, words=words).render(
            "hello", bench.context
        )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("{{ 1 + 2 }} {{ 3 - 1 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ -1 }}", "3 2 3 3 -1"),
        ("{{ 'a' + 'b' }} {{ 'a' ~ 1 }}", "ab a1"),
        ("{{ account.name.upper() }} {{ 'a-b'.split('-') | words }}", "THEIRSAMPLE a and b"),
        ("{{ ['a', 'b'][1] }} {{ {'a': 'x'}['a'] }} {{ {'a': 'x'}.a }}", "b x x"),
        ("{% if account.size is none %}none{% endif %}", "none"),
        ("{% if deal.product in ['a'] %}a{% else %}b{% endif %}", "b"),
        ("{% for x in ['a', 'b'] if x != 'a' %}{{ loop.cycle('1', '2') }}{{ x }}{% endfor %}", "1b"),
        ("{{ 'yes' if account.name else 'no' }}", "yes"),
        ("{# a note #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{{ account['name'] }}", "Theirsample"),
        ("{{ language }}", "en"),
    ],
)
def test_what_letters_need_works(words, text, bench):
    assert bench.text(words) == text


def test_the_work_of_one_mail_does_not_count_for_the_next(bench):
    words = "{% for a in " + TEN + " %}{% for b in " + TEN + " %}{{ b }}{% endfor %}{% endfor %}"
    content = bench.load(words=words)
    for _ in range(300):
        content.render("hello", bench.context)


def test_what_was_compiled_before_is_used_for_the_same_words_in_the_same_mode_only() -> None:
    said = []
    for mode, words in ((Mode.TEXT, "{{ 1 + 1 }}"), (Mode.TEXT, "{{ 1 + 2 }}"), (Mode.TEXT, "{{ 1 + 1 }}")):
        sandbox = Sandbox(mode, {"a.txt.j2": words})
        said.append(str(sandbox.render(sandbox.get_template("a.txt.j2"), Run(), {})))
    assert said == ["2", "3", "2"]
    escaped = {}
    for mode in (Mode.TEXT, Mode.HTML, Mode.TEXT):
        sandbox = Sandbox(mode, {"a.j2": "{{ '<' }}"})
        escaped[mode] = str(sandbox.render(sandbox.get_template("a.j2"), Run(), {}))
    assert escaped == {Mode.TEXT: "<", Mode.HTML: "&lt;"}
