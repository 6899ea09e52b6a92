"""Runs authors' templates and lets them do nothing but write: which values they may touch, how values
are written into each kind of text, and how much work a template may cause.

Jinja's own sandbox keeps templates from Python's internals but not from using up memory or time, so
attributes, calls, operators, loops and filters are narrowed further here. Three kinds of output differ
only in how a value is written: into plain text as it is, into HTML escaped, and into Markdown as a
placeholder which is replaced after the Markdown was read, so that no value can ever be taken for markup.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import BuiltinMethodType, CodeType, MethodType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from cadence.content.filters import FILTERS, Fault
from cadence.content.rewrite import EACH, GIVEN, INCLUDED, JOINED, SHOWN, rewrite
from cadence.content.run import RUN, Facts, Mode, Run

TEXT_METHODS = frozenset({"splitlines", "split", "upper", "lower", "strip", "startswith", "endswith"})
DATE_PARTS = frozenset({"year", "month", "day"})
LOOP_PARTS = frozenset({"index", "index0", "first", "last", "length", "cycle"})
TESTS = frozenset({"defined", "undefined", "none", "odd", "even", "in", "eq", "ne", "lt", "le", "gt", "ge"})


class Sources(BaseLoader):
    """Gives Jinja the texts of a snapshot under their paths."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def get_source(self, environment: Any, template: str) -> tuple[str, str, None]:
        """Find one text; raises TemplateNotFound."""
        if template not in self._texts:
            raise TemplateNotFound(template)
        return self._texts[template], template, None


class Compiled(BytecodeCache):
    """Templates that this process compiled before, by their path and text: of a draft that is saved again and
    again, all but one file are as they were.
    """

    def __init__(self) -> None:
        self._codes: OrderedDict[tuple[str, str], CodeType] = OrderedDict()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is known."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, and let go of the oldest."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
        if len(self._codes) > MOST_COMPILED:
            self._codes.popitem(last=False)


MOST_COMPILED = 1000
"""The shipped files are some 150, in up to three modes."""
_COMPILED = {mode: Compiled() for mode in Mode}
"""Apart for each mode, in which other code is written."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that templates of one mode run in."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, mode: Mode, texts: Mapping[str, str]) -> None:
        super().__init__(
            loader=Sources(texts),
            undefined=StrictUndefined,
            autoescape=True,
            auto_reload=False,
            bytecode_cache=_COMPILED[mode],
        )
        self.mode = mode
        self.globals.clear()
        self.filters.clear()
        self.filters.update({name: found.apply for name, found in FILTERS.items()})
        self.filters.update({SHOWN: _shown, GIVEN: _given, JOINED: _joined, EACH: _each, INCLUDED: _included})
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(rewrite(source, self), *args, **kwargs)

    def render(self, template: Template, run: Run, variables: Mapping[str, object]) -> Markup:
        """Return what a template writes; raises Fault, or whatever Jinja raises."""
        context = template.new_context({**variables, RUN: run}, shared=True)
        pieces: list[str] = []
        for piece in template.root_render_func(context):
            run.written(len(piece))
            pieces.append(piece)
        return Markup("".join(pieces))  # noqa: S704 - `write` escaped every value in it

    def write(self, run: Run, text: str) -> Markup:
        """Write a value in this mode, so that it stays what it is."""
        run.written(len(text))
        match self.mode:
            case Mode.MARKDOWN:
                return run.put_aside(text)
            case Mode.HTML:
                return escape(text)
            case Mode.TEXT:
                return Markup(text)  # noqa: S704 - plain text has no markup

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read `obj.attribute` where authors may."""
        if isinstance(obj, Facts):
            return obj.read(attribute)
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if isinstance(obj, TemplateModule) and not attribute.startswith("_") and hasattr(obj, attribute):
            return getattr(obj, attribute)
        if _may_read(obj, attribute):
            return getattr(obj, attribute)
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        raise Fault(f"`.{attribute}` cannot be used on {_kind(obj)}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Read `obj[argument]` where authors may."""
        if isinstance(obj, Facts):
            return obj.read(argument)
        if isinstance(obj, Markup) or not isinstance(obj, str | list | tuple | dict):
            raise Fault(f"[…] cannot be used on {_kind(obj)}")
        try:
            return obj[argument]
        except (LookupError, TypeError):
            raise Fault(f"there is no [{argument!r}] in {_kind(obj)}") from None

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, or one of the few methods that authors may use."""
        run = __context[RUN]
        run.work()
        allowed = isinstance(__obj, Macro | BuiltinMethodType | MethodType)
        if not allowed:
            if isinstance(__obj, Undefined):
                __obj._fail_with_undefined_error()
            raise Fault(f"only macros can be called, and this is {_kind(__obj)}")
        try:
            result = __context.call(__obj, *args, **kwargs)
        except TypeError as error:
            raise Fault(str(error)) from None
        if isinstance(result, str):
            run.written(len(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Add texts and reckon with small numbers; nothing that could grow without bound."""
        run = context[RUN]
        run.work()
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _glued(self, run, (left, right))
        numbers = all(isinstance(x, int | float | Decimal) and not isinstance(x, bool) for x in (left, right))
        if not numbers or operator == "**":
            advice = '; to join texts, write {{ a ~ " " ~ b }}' if operator in "+%" else ""
            raise Fault(f"`{operator}` cannot be used on {_kind(left)} and {_kind(right)}{advice}")
        if max(abs(left), abs(right)) > 10**12:
            raise Fault(f"the numbers around `{operator}` are too large")
        try:
            return self.binop_table[operator](left, right)
        except (ArithmeticError, TypeError) as error:
            raise Fault(f"`{operator}`: {error}") from None

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Turn the sign of a number."""
        if not isinstance(arg, int | float | Decimal):
            raise Fault(f"`{operator}` cannot be used on {_kind(arg)}")
        return self.unop_table[operator](arg)


def _may_read(obj: Any, attribute: str) -> bool:
    if type(obj) is str:
        return attribute in TEXT_METHODS
    if isinstance(obj, date):
        return attribute in DATE_PARTS
    return isinstance(obj, LoopContext) and attribute in LOOP_PARTS


def _kind(value: Any) -> str:
    if isinstance(value, Facts):
        return f"the group `{value._group}`"
    if isinstance(value, Markup):
        return "what a macro gives"
    kinds: tuple[tuple[Any, str], ...] = (
        (type(None), "a missing value"),
        (str, "text"),
        (bool, "yes or no"),
        (int | float | Decimal, "a number"),
        (date, "a date"),
        (list | tuple, "a list"),
        (dict, "a table"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "this")


@pass_context
def _given(context: Context, value: Any, label: str, line: int) -> Any:
    """Refuse a value that is not known, where a filter or an operator needs one."""
    if value is None:
        advice = f'write {{{{ {label} or "…" }}}}, or ask {{% if {label} %}} first'
        raise Fault(f"`{label}` is not known for this person; {advice}", line)
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    return value


@pass_context
def _shown(context: Context, value: Any, label: str, line: int) -> Markup:
    """Write a value; what is not known, or is no text, is a fault rather than "None" in a letter."""
    run, sandbox = context[RUN], context.environment
    assert isinstance(sandbox, Sandbox)
    if isinstance(value, Markup):
        run.written(len(value))
        return value
    value = _given(context, value, label, line)
    if isinstance(value, str):
        return sandbox.write(run, value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return sandbox.write(run, str(value))
    advice = ""
    if isinstance(value, date):
        advice = f"; write {{{{ {label} | date }}}}, | day or | month"
    elif isinstance(value, Facts):
        advice = f"; write {{{{ {label}.… }}}} with one of its names"
    elif isinstance(value, list | tuple):
        advice = f"; write {{{{ {label} | words }}}}"
    raise Fault(f"`{label}` is {_kind(value)}, which cannot be written as it is{advice}", line)


def _glued(sandbox: Sandbox, run: Run, values: Iterable[str]) -> str:
    values = list(values)
    run.written(sum(len(v) for v in values))
    if not any(isinstance(v, Markup) for v in values):
        return "".join(values)
    return Markup("").join(v if isinstance(v, Markup) else sandbox.write(run, v) for v in values)


@pass_context
def _joined(context: Context, values: list[Any], labels: list[str], line: int) -> str:
    """Join what stands around `~`."""
    sandbox = context.environment
    assert isinstance(sandbox, Sandbox)
    texts = []
    for raw, label in zip(values, labels, strict=True):
        value = _given(context, raw, label, line)
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise Fault(f"`{label}` is {_kind(value)}, which `~` cannot join", line)
        texts.append(value if isinstance(value, str) else str(value))
    return _glued(sandbox, context[RUN], texts)


@pass_context
def _each(context: Context, value: Any, label: str, line: int) -> list[Any]:
    """Give the items of a loop, and count them."""
    value = _given(context, value, label, line)
    if not isinstance(value, list | tuple):
        advice = (
            f"; write {{{{ {label} | lines }}}} to go through its lines" if isinstance(value, str) else ""
        )
        raise Fault(f"a loop takes a list, and `{label}` is {_kind(value)}{advice}", line)
    context[RUN].work(len(value))
    return list(value)


@pass_context
def _included(context: Context, value: str) -> str:
    """Count an include or an import."""
    context[RUN].work()
    return value
