"""Changes a parsed template before it is compiled, so that everything that is written, joined, looped
over or included passes through the sandbox with its name and line; and refuses what letters do not need.
"""

from itertools import islice
from typing import Any

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from cadence.content.filters import FILTERS

# Names with a space: no author can write them.
SHOWN, GIVEN, JOINED, EACH, INCLUDED = "to write", "to know", "to join", "to loop", "to include"

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Extends: "{% extends %} is not used here: every mail is put into the layout by itself",
    nodes.Block: "{% block %} is not used here; write a {% macro %}",
    nodes.FilterBlock: "{% filter %} is not used here; write {{ value | filter }}",
    nodes.ScopedEvalContextModifier: "{% autoescape %} is not used here: values are always safe",
    nodes.Mul: "`*` is not used here",
    nodes.Pow: "`**` is not used here",
}


_MOST_NAMES = 3
"""How many variables a message names."""

_BringsIn = nodes.Include | nodes.Import | nodes.FromImport


def label_of(node: nodes.Node) -> str:
    """Name an expression as its author wrote it, as far as a message needs."""
    label = ""
    match node:
        case nodes.Name():
            label = node.name
        case nodes.Getattr():
            label = f"{label_of(node.node)}.{node.attr}"
        case nodes.Getitem() if isinstance(node.arg, nodes.Const):
            label = f"{label_of(node.node)}.{node.arg.value}"
        case nodes.Filter() if node.node is not None:
            label = label_of(node.node)
        case nodes.Call():
            label = f"{label_of(node.node)}(…)"
        case nodes.Const():
            label = repr(node.value)
    return label or _labels_in(node)


def _labels_in(node: nodes.Node) -> str:
    inside = {id(found.node) for found in node.find_all(nodes.Getattr)}
    found = (part for part in node.find_all((nodes.Getattr, nodes.Name)) if id(part) not in inside)
    return " or ".join({label_of(part): None for part in islice(found, _MOST_NAMES)}) or "this"


class _Rewriter(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def _through(self, name: str, node: nodes.Node, *extra: object) -> nodes.Filter:
        args = [nodes.Const.from_untrusted(value) for value in extra]
        new = nodes.Filter(node, name, args, [], None, None, lineno=node.lineno)
        new.set_environment(self._environment)
        return new

    def _known(self, node: nodes.Expr) -> nodes.Expr:
        return self._through(GIVEN, self.visit(node), label_of(node), node.lineno)

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        if type(node) in _REFUSED:
            raise TemplateSyntaxError(_REFUSED[type(node)], node.lineno)
        return super().visit(node, *args, **kwargs)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        node.nodes = [
            child
            if isinstance(child, nodes.TemplateData)
            else self._through(SHOWN, self.visit(child), label_of(child), child.lineno)
            for child in node.nodes
        ]
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Filter:
        known = FILTERS.get(node.name)
        label, line = label_of(node), node.lineno
        self.generic_visit(node)
        if known and not known.on_missing and node.node is not None:
            node.node = self._through(GIVEN, node.node, label, line)
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Getattr:
        if isinstance(node.node, nodes.Getattr):
            node.node = self._known(node.node)
        else:
            self.generic_visit(node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        labels = [label_of(part) for part in node.nodes]
        parts = nodes.List([self.visit(part) for part in node.nodes], lineno=node.lineno)
        return self._through(JOINED, parts, labels, node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        if any(operand.op in ("gt", "gteq", "lt", "lteq") for operand in node.ops):
            node.expr = self._known(node.expr)
            for operand in node.ops:
                operand.expr = self._known(operand.expr)
        else:
            self.generic_visit(node)
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:
        if node.recursive:
            raise TemplateSyntaxError("a recursive loop is not used here", node.lineno)
        label, line = label_of(node.iter), node.iter.lineno
        self.generic_visit(node)
        node.iter = self._through(EACH, node.iter, label, line)
        return node

    def visit_Include(self, node: _BringsIn) -> _BringsIn:
        """Let what is brought in see the variables of the mail, macros included."""
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            raise TemplateSyntaxError("write the name of the file in quotes", node.lineno)
        node.with_context = True
        node.template = self._through(INCLUDED, node.template)
        return node

    visit_Import = visit_FromImport = visit_Include


def rewrite(template: nodes.Template, environment: Environment) -> nodes.Template:
    """Return the template with every way out guarded; raises TemplateSyntaxError for what is refused."""
    return _Rewriter(environment).visit(template)  # type: ignore[no-any-return]
