"""Finds unknown variables, filters and files in a template without rendering it.

What a sample happens to render shows only one path through a letter; this looks at all of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from cadence.content.filters import FILTERS
from cadence.content.findings import Report, did_you_mean
from cadence.content.markup import check_html, check_markdown
from cadence.content.run import CLOSE, OPEN
from cadence.content.sandbox import DATE_PARTS, LOOP_PARTS, TESTS, TEXT_METHODS, Sandbox
from cadence.content.variables import GROUPS, LANGUAGE, every_name, instead_of, names

_INSIDE_MACROS = frozenset({"caller", "varargs", "kwargs"})
_PARTS = TEXT_METHODS | DATE_PARTS
_WHERE = {"story": "in a step with `pool`", "event": "in the words of an event"}


@dataclass(frozen=True, slots=True)
class Place:
    """A template to examine. first_line: of its text in the file; groups and extra: what it may use;
    files: the templates that it can include, with their texts.
    """

    path: str
    text: str
    groups: Collection[str]
    files: Mapping[str, str]
    extra: Collection[str] = ()
    first_line: int = 1


def examine(place: Place, sandbox: Sandbox, report: Report) -> None:
    """Report everything in a template that cannot work."""
    if OPEN in place.text or CLOSE in place.text:
        report.error(
            place.path, 1, "the file holds a character that Cadence keeps for itself (U+10FE00 or U+10FE01)"
        )
        return
    try:
        _examine(place, sandbox, report)
    except TemplateSyntaxError as error:
        report.error(place.path, error.lineno + place.first_line - 1, _syntax(error))
    except (RecursionError, MemoryError, SyntaxError):  # of Jinja, or of Python when it compiles the outcome
        report.error(place.path, place.first_line, "the template is nested too deeply")
    except ValueError as error:
        report.error(place.path, place.first_line, f"not understood: {error}")


def _examine(place: Place, sandbox: Sandbox, report: Report) -> None:
    tree = Parser(sandbox, place.text, place.path, place.path).parse()
    if place.path.endswith(".html.j2"):
        check_html(tree, place.path, report)
    elif place.path.endswith(".md.j2"):
        check_markdown(tree, place.path, report)
    examiner = _Examiner(place, report)
    examiner.walk(tree, frozenset())
    if examiner.clean:
        sandbox.compile(place.text, place.path, place.path)


def _syntax(error: TemplateSyntaxError) -> str:
    message = (error.message or "not understood").removesuffix(".")
    return message[:1].lower() + message[1:] if not message.startswith("Jinja") else message


class _Examiner:
    def __init__(self, place: Place, report: Report) -> None:
        self._place, self._report = place, report
        self._arguments: set[str] = set()
        self._modules: dict[str, Collection[str] | None] = {}
        self.clean = True

    def walk(self, node: nodes.Node, known: frozenset[str]) -> frozenset[str]:
        """Examine a node; return the names known after it."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method:
            return method(node, known) or known
        return self._all(node.iter_child_nodes(), known)

    def _all(self, parts: Iterator[nodes.Node] | list[nodes.Node], known: frozenset[str]) -> frozenset[str]:
        for part in parts:
            known = self.walk(part, known)
        return known

    def _wrong(self, node: nodes.Node, message: str) -> None:
        self.clean = False
        self._report.error(self._place.path, node.lineno + self._place.first_line - 1, message)

    # Statements that bring names.

    def _assign(self, node: nodes.Assign, known: frozenset[str]) -> frozenset[str]:
        self.walk(node.node, known)
        return known | _targets(node.target)

    def _assignblock(self, node: nodes.AssignBlock, known: frozenset[str]) -> frozenset[str]:
        self._all(list(node.body), known)
        return known | _targets(node.target)

    def _for(self, node: nodes.For, known: frozenset[str]) -> None:
        self.walk(node.iter, known)
        inside = known | _targets(node.target) | {"loop"}
        if node.test:
            self.walk(node.test, inside)
        self._all(list(node.body), inside)
        self._all(list(node.else_), known)

    def _if(self, node: nodes.If, known: frozenset[str]) -> frozenset[str]:
        self.walk(node.test, known)
        ends = [self._all(list(part), known) for part in (node.body, node.elif_, node.else_)]
        return known.union(*ends)

    def _macro(self, node: nodes.Macro, known: frozenset[str]) -> frozenset[str]:
        self._all(list(node.defaults), known)
        self._arguments.update(arg.name for arg in node.args)
        inside = known | {node.name, *(arg.name for arg in node.args)} | _INSIDE_MACROS
        self._all(list(node.body), inside)
        return known | {node.name}

    def _callblock(self, node: nodes.CallBlock, known: frozenset[str]) -> None:
        self.walk(node.call, known)
        self._all(list(node.body), known | {arg.name for arg in node.args} | _INSIDE_MACROS)

    def _with(self, node: nodes.With, known: frozenset[str]) -> None:
        self._all(list(node.values), known)
        self._all(list(node.body), known.union(*(_targets(target) for target in node.targets)))

    def _include(self, node: nodes.Include, known: frozenset[str]) -> None:
        self._file(node)

    def _import(self, node: nodes.Import, known: frozenset[str]) -> frozenset[str]:
        self._modules[node.target] = self._file(node)
        return known | {node.target}

    def _fromimport(self, node: nodes.FromImport, known: frozenset[str]) -> frozenset[str]:
        macros = self._file(node)
        for name in node.names:
            wanted = name if isinstance(name, str) else name[0]
            if macros is not None and wanted not in macros:
                self._wrong(node, f"there is no macro `{wanted}` in that file{did_you_mean(wanted, macros)}")
        return known | {name if isinstance(name, str) else name[1] for name in node.names}

    def _file(self, node: nodes.Include | nodes.Import | nodes.FromImport) -> Collection[str] | None:
        """Check that a file exists; return the names of its macros, None where they cannot be told."""
        if not isinstance(node.template, nodes.Const):
            return None  # refused when it is compiled
        file = str(node.template.value)
        if file not in self._place.files:
            self._wrong(node, f'there is no file "{file}"{did_you_mean(file, self._place.files)}')
            return None
        return _macros(self._place.files[file])

    # Expressions.

    def _name(self, node: nodes.Name, known: frozenset[str]) -> None:
        free = {*self._place.groups, *self._place.extra, LANGUAGE}
        if node.ctx != "load" or node.name in known or node.name in free:
            return
        if node.name in GROUPS:
            where = _WHERE.get(node.name, "here")
            self._wrong(node, f"`{node.name}` is known only {where}")
            return
        owners = [group for group in self._place.groups if node.name in names(group)]
        if owners:
            self._wrong(node, f"there is no variable `{node.name}`; did you mean `{owners[0]}.{node.name}`?")
        else:
            self._wrong(
                node, f"there is no variable `{node.name}`{did_you_mean(node.name, [*known, *sorted(free)])}"
            )

    def _getattr(self, node: nodes.Getattr, known: frozenset[str]) -> None:
        self._part(node, node.node, node.attr, known)

    def _getitem(self, node: nodes.Getitem, known: frozenset[str]) -> None:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            self._part(node, node.node, node.arg.value, known)
        else:
            self._all(node.iter_child_nodes(), known)

    def _part(self, node: nodes.Node, owner: nodes.Node, part: str, known: frozenset[str]) -> None:
        self.walk(owner, known)
        if not isinstance(owner, nodes.Name):
            if isinstance(owner, nodes.Getattr) and part not in _PARTS:
                self._wrong(node, f"`.{part}` cannot be used here{did_you_mean(part, sorted(_PARTS))}")
            return
        parts = self._parts_of(owner.name, known)
        if parts and part not in parts:
            advice = instead_of(part, parts) if owner.name in GROUPS else did_you_mean(part, sorted(parts))
            self._wrong(node, f"there is no `{owner.name}.{part}`{advice}")

    def _parts_of(self, name: str, known: frozenset[str]) -> Collection[str]:
        """What may follow `name.`; nothing where that shows only when the template runs."""
        if name not in known:
            return names(name) if name in self._place.groups else ()
        if name == "loop":
            return LOOP_PARTS
        if name in self._modules:
            return self._modules[name] or ()
        if name not in self._arguments:
            return ()
        return names(name) if name in GROUPS else every_name() | _PARTS

    def _filter(self, node: nodes.Filter, known: frozenset[str]) -> None:
        if node.name not in FILTERS:
            self._wrong(node, f"there is no filter `{node.name}`{did_you_mean(node.name, FILTERS)}")
        self._all(node.iter_child_nodes(), known)

    def _test(self, node: nodes.Test, known: frozenset[str]) -> None:
        if node.name not in TESTS:
            self._wrong(node, f"there is no test `is {node.name}`{did_you_mean(node.name, sorted(TESTS))}")
        self._all(node.iter_child_nodes(), known)


@lru_cache(maxsize=32)
def _macros(text: str) -> Collection[str] | None:
    try:
        tree = Environment().parse(text)  # noqa: S701 - only parsed, never rendered
    except TemplateSyntaxError:
        return None  # reported where that file is examined
    if next(tree.find_all((nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)), None):
        return None  # these bring names as well
    return [node.name for node in tree.find_all(nodes.Macro)]


def _targets(node: nodes.Node) -> set[str]:
    found = {name.name for name in node.find_all(nodes.Name)}
    return found | {node.name} if isinstance(node, nodes.Name) else found
