"""Writes one mail: the words of a step in the reader's language, in the layout, as text and HTML.

Nothing is written that would be wrong: a value that is not known, a subject of two lines, a link that
leads nowhere stop the mail with the file and line to look at.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.environment import Template
from markupsafe import Markup

from cadence.content.files import Attachment, TemplateFile
from cadence.content.filters import Fault
from cadence.content.markdown import to_parts
from cadence.content.run import Facts, Mode, Run
from cadence.content.sandbox import Sandbox
from cadence.content.variables import LANGUAGE, Value
from cadence.core.errors import ContentError

LONGEST_SUBJECT = 200
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"(?<!\n--)[ \t]+$", re.MULTILINE)  # "-- " begins a signature (RFC 3676 §4.3)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's content: a subject of one line, and the same words as plain text and as HTML. words: as
    plain text, without what the layout adds; source: the file that they stand in.
    """

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    words: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject as an author wrote it, with its place."""

    text: str
    path: str
    line: int


def choose(files: Iterable[TemplateFile], name: str, mode: Mode, language: str) -> TemplateFile | None:
    """The file of that name for a reader of `language`: in just that language, in its main one, or the
    one that names no language. Variants stand for others only where they were put in their place.
    """
    plain = (file for file in files if file.name == name and file.mode is mode and file.variant is None)
    found = {file.language: file for file in plain}
    return found.get(language) or found.get(language[:2]) or found.get(None)


class Writer:
    """Renders the templates of one snapshot; it keeps them compiled."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._sandboxes = {mode: Sandbox(mode, texts) for mode in Mode}
        self._subjects: dict[Subject, Template] = {}

    def sandbox(self, mode: Mode) -> Sandbox:
        """The environment of one kind of output."""
        return self._sandboxes[mode]

    def subject(self, subject: Subject, variables: Mapping[str, object]) -> str:
        """Write a subject line; raises ContentError."""
        with _placed(subject.path, subject.line, inline=True):
            if subject not in self._subjects:
                self._subjects[subject] = self._sandboxes[Mode.TEXT].from_string(subject.text)
            written = self._sandboxes[Mode.TEXT].render(self._subjects[subject], Run(), variables)
            return one_line(str(written))

    def words(
        self, file: TemplateFile, variables: Mapping[str, object], inside: TemplateFile | None = None
    ) -> tuple[str, str]:
        """Write a Markdown body as text and HTML; `inside`: the file around it, which has `story.body`."""
        sandbox, run = self._sandboxes[Mode.MARKDOWN], Run()
        with _placed(file.path):
            markdown = sandbox.render(sandbox.get_template(file.path), run, variables)
            _must_say_something(markdown)
        if inside:
            story = {**_story(variables), "body": markdown}
            with _placed(inside.path):
                around = {**variables, "story": Facts("story", story)}
                markdown = sandbox.render(sandbox.get_template(inside.path), run, around)
        with _placed((inside or file).path):
            return to_parts(markdown, run)

    def part(self, file: TemplateFile, variables: Mapping[str, object]) -> str:
        """Write a template of plain text or HTML."""
        sandbox = self._sandboxes[file.mode]
        with _placed(file.path):
            part = str(sandbox.render(sandbox.get_template(file.path), Run(), variables))
            _must_say_something(part)
            return part


def _must_say_something(words: str) -> None:
    if not words.strip():
        raise Fault("nothing is written here: the mail would be empty")


def _story(variables: Mapping[str, object]) -> dict[str, object]:
    story = variables["story"]
    assert isinstance(story, Facts)
    return {name: story.read(name) for name in ("name", "title")}


def groups(values: Mapping[str, Mapping[str, Value]], language: str) -> dict[str, object]:
    """Make checked values readable for templates."""
    return {LANGUAGE: language} | {group: Facts(group, facts) for group, facts in values.items()}


def in_layout(body: str, subject: str, variables: Mapping[str, object]) -> dict[str, object]:
    """The variables of a layout: those of the mail, its subject, and its finished words."""
    return {**variables, "body": Markup(body), "subject": subject}  # noqa: S704 - written by this module


def tidy(text: str) -> str:
    """Give plain text single blank lines, clean line ends and one line break at its end."""
    return _BLANK_LINES.sub("\n\n", _LINE_ENDS.sub("", text)).strip("\n") + "\n"


def one_line(text: str) -> str:
    """Return a subject line; raises Fault for what a subject cannot be (RFC 5322 §2.2, RFC 2047 §2)."""
    subject = text.strip()
    if not subject:
        raise Fault("the subject is empty")
    if any(not c.isprintable() for c in subject if c not in "\u200c\u200d\u00ad\u00a0\u202f"):
        raise Fault("the subject holds a line break or another control character")
    if _ENCODED_WORD.search(subject):
        raise Fault('the subject holds "=?…?…?", which mail programs would decode')
    if len(subject) > LONGEST_SUBJECT:
        raise Fault(f"the subject has {len(subject)} characters, more than {LONGEST_SUBJECT}")
    return subject


@contextmanager
def _placed(path: str, line: int = 1, *, inline: bool = False) -> Iterator[None]:
    """Turn whatever rendering raises into a ContentError with its place; inline: all on `line`."""
    try:
        yield
    except TemplateSyntaxError as error:
        where = (path, line) if inline else (error.filename or path, error.lineno)
        raise ContentError(str(error.message), *where) from None
    except TemplateNotFound as error:
        raise ContentError(f'there is no file "{error.name}"', path, line) from None
    except RecursionError:
        raise ContentError("this includes or calls itself", path, line) from None
    except (Fault, TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        where = (path, line) if inline else _place(error, path, line)
        raise ContentError(str(error), *where) from None


def _place(error: Exception, path: str, line: int) -> tuple[str, int]:
    """The innermost template line that the error came from."""
    trace: TracebackType | None = error.__traceback__
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template) and template.name:
            path, line = template.name, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return path, getattr(error, "line", None) or line
