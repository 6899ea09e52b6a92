"""Decides which findings an author has answered: a comment in the template allows one kind, with a reason.

`{# tone: allow flattery because it quotes their own award #}` spares the sentences on its line and on the
line below it; a kind that is counted over the whole mail is spared wherever the comment stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cadence.content.findings import did_you_mean
from cadence.content.tone.kinds import Kind

WHOLE_MAIL = frozenset({Kind.MULTI_QUESTION, Kind.TOO_LONG})
"""The kinds that are counted over a whole mail, so that no line is the guilty one."""
_COMMENT = re.compile(r"\{#-?\s*tone\s*:([^#]{0,400})#\}")
_FORM = re.compile(r"\s*allow\s+([\w-]+)(?:\s+because\s+(\S.*?))?\s*-?\s*$", re.DOTALL)
FORM = "{# tone: allow KIND because … #}"


@dataclass(frozen=True, slots=True)
class Silence:
    """A comment that spares findings. line: where it ends, from 1; kind: None where it names none that
    exists; fault: what is wrong with the comment itself.
    """

    line: int
    kind: Kind | None
    fault: str | None

    def spares(self, kind: Kind, line: int) -> bool:
        """Tell whether a finding of that kind, in a sentence that begins on that line, is answered."""
        return kind is self.kind and (kind in WHOLE_MAIL or line in (self.line, self.line + 1))


def silences(source: str) -> Iterator[Silence]:
    """The comments of a template that spare findings, by line."""
    for found in _COMMENT.finditer(source):
        line = source.count("\n", 0, found.end()) + 1
        read = _FORM.match(found[1])
        if read is None:
            yield Silence(line, None, f"a comment on tone reads {FORM}")
        elif read[1] not in list(Kind):
            yield Silence(line, None, f'there is no kind of tone "{read[1]}"{did_you_mean(read[1], Kind)}')
        elif not read[2]:
            yield Silence(line, Kind(read[1]), f"say why {read[1]} is right here: {FORM}")
        else:
            yield Silence(line, Kind(read[1]), None)
