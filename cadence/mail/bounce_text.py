"""Decide which recipients a delivery report in plain words says have failed, and with which words.

Every mail system words its reports differently, but they share a shape: the failed address opens a
line, or stands behind a label or in a sentence of failure, and its reason follows until the next one.
So the shapes are rules here, not the systems.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cadence.mail.address import EMAIL, addresses
from cadence.mail.headers import Headers, read_headers
from cadence.mail.parse import Received
from cadence.mail.severity import is_decided_by

LONGEST_REPORT = 40_000
MOST_LINES = 600
MOST_FAILURES = 100
REASON_LINES = 14
# Below such a line stands the mail that is reported on.
_RETURNED = re.compile(
    r"(?:original|unsent|returned|undelivered|failed|offending|rejected) (?:message|mail|e-?mail)(?: text|"
    r" headers?| body)?(?: is| as)?(?: follow|[-: =*]*$| below| attached| header)"
    r"|copy of (?:the|your) (?:original )?(?:message|mail)|(?:message|mail) headers? follow|"
    r"headers? of (?:the|your) (?:original )?(?:message|mail)|header (?:of the|information|"
    r"from) .{0,30}(?:message|follow)"
    r"|below this line is (?:a copy|the)|original mail as follows|message (?:text|contents?) follows|"
    r"^[-=* ]{3,}.{0,20}(?:original|returned|unsent|urspr|message d'origine|mensaje original|"
    r"messaggio originale|mensagem original|oorspronkelijk)"
    r"|start of (?:the )?(?:forwarded|returned|original)|additional information$|first \d+ (?:lines|bytes)|"
    r"kopie (?:der|ihrer) nachricht|die nachricht (?:war|lautete)",
    re.I,
)
_HEADER_LINE = re.compile(
    r"\s{0,8}>?\s?(?:received|return-path|dkim-signature|x-received|message-id|mime-version|x-mailer)\s?:",
    re.I,
)
_LABEL = re.compile(
    r"(?:to|recipients?|recipient address|failed recipients?|error-for|final-recipient|original-recipient|"
    r"rcpt to|e-?mail ?address|address|user|mailbox|empfänger|destinataires?|destinatario|destinatari|"
    r"destinatário|ontvanger|addressee|intended recipient|undeliverable\s{1,3}to|<+ ?to|>>> ?rcpt to)"
    r"\s{0,3}(?::|=|;)\s{0,6}(?:rfc822\s{0,3};\s{0,3}|smtp:|<|\"|')*$",
    re.I,
)
_OPENING = re.compile(
    r"(?:[\s><\"'*·•\[\](-]|--?|\d{1,2}[.)]|smtp:|mailto:|rfc822;|[\w .,'\"-]{0,60}<){0,12}$", re.I
)
_FAILED = re.compile(
    r"fail|undeliver|not (?:be |been |exactly )?(?:deliver|reach|exist|found|accept|listed|known|match)|"
    r"n[o']t be deliver|couldn'?t|could not|wasn'?t delivered|cannot|can't|unable|unknown|reject|invalid|"
    r"no such|error|denied|bounce|exceed|full|disabled|does ?n[o']t|problem delivering|refused|returned|delay"
    r"|unzustell|nicht (?:zugestellt|zustell|erreicht|gefunden)|fehlgeschlagen|n'a pas pu|n'ont pas|"
    r"impossible|introuvable|échec|no se (?:ha |pudo |puede )|no existe|fallid|non (?:è stato|può|esiste|"
    r"recapit)|impossibile|não (?:foi|pôde|existe)|falha|falhou|niet (?:worden |kunnen )?(?:bezorgd|"
    r"afgeleverd|gevonden)|mislukt|配信|送信|失敗|失败|无法|不存在|"
    r"не (?:может|удалось|доставлен|существует)|недоставл",
    re.I,
)
_LEAD_IN = re.compile(
    r"(?:following|these|below|next|each of the) .{0,60}(?:address|recipient|user|mailbox|destination)|"
    r"(?:address|recipient)(?:\(?e?s\)?).{0,60}(?:fail|fatal|problem|delay|error|not|below|follow|reject|"
    r"affected|unreachable)|did not reach|following recipient|delivery to|failed permanently|"
    r"permanent fatal errors|failed (?:recipient|address|destination)|"
    r"delivery problems|transient|folgende|suivant|siguiente|seguent|seguinte|"
    r"volgende|addressed to|undeliverable to|recipients were|following address|delivered to",
    re.I,
)
_NOT_RECIPIENT = re.compile(
    r"(?:mail from|from|sender|reply-to|return-path|envelope-from|return path|sent by|"
    r"originally|contact|report(?:ed)? (?:to|this)|questions?.{0,40}|help.{0,30}|"
    r"e-?mail (?:to )?(?:us|the administrator).{0,20}|postmaster.{0,20}|message-id|references|in-reply-to|"
    r"hello|hi|hallo|dear)\s{0,3}(?:[:=]|at|to|,|by)?\s{0,3}[<\[(\"']{0,2}$",
    re.I,
)
# Behind these stands the address that was written to, where the one that failed is what an alias made of it.
_ORIGIN = re.compile(r"(?:generated|expanded) from\s{0,3}:?\s{0,3}<?$", re.I)
_SYSTEM = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|abuse|hostmaster|support|help|helpdesk|noc|root|"
    r"no-?reply)@|\.(?:local|localdomain|gif|png|jpg)$|@[\d.]+$|@mail\.gmail\.com$|@xxx",
    re.I,
)

_RULE = "address by its {}"
_SURE = frozenset({"lead", "label", "line", "to"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A recipient that failed (None: it names nobody), the words about it, the rule that found it.

    sure: the address opens its line or stands behind a label, rather than somewhere in a sentence.
    """

    email: str | None
    words: str
    rule: str
    sure: bool

    @property
    def listed(self) -> bool:
        """Whether it stands in a list that words of failure introduce."""
        return self.rule == _RULE.format("lead")


def failures(received: Received) -> list[Failure]:
    """Find the failed recipients in the report's own words; sure shapes leave the others out."""
    lines = own_lines(received.text)
    if not any(_FAILED.search(line[:400]) for line in (*lines[:60], received.subject)):
        return []
    ours = _ours(received)
    sure: list[tuple[int, str, str]] = []
    unsure: list[tuple[int, str, str]] = []
    origins: list[tuple[int, str, str]] = []
    for number, line, email, before in _mentions(lines):
        if email.lower() in ours or _SYSTEM.search(email):
            continue
        if _is_origin(lines, number, before):
            origins.append((number, email, "origin"))
        if _NOT_RECIPIENT.search(before[-80:]):
            continue
        shape = _shape(lines, number, line, before)
        (sure if shape in _SURE else unsure).append((number, email, shape))
    # "To:" also stands above the failures, in what the report tells of the mail it is about.
    sure = [found for found in sure if found[2] != "to"] or sure
    if sure or origins:
        return _with_words(lines, [*sure, *origins], sure=True)
    told = [found for found in unsure if found[2] == "sentence"]
    return _with_words(lines, told or unsure, sure=False)


def _is_origin(lines: list[str], number: int, before: str) -> bool:
    above = lines[number - 1] if number and not before.strip(" <(") else ""
    return bool(_ORIGIN.search(before[-40:]) or _ORIGIN.search(above[-40:]))


def failure_words(text: str, email: str | None) -> str:
    """Return what a report says near an address, or its first lines."""
    lines = own_lines(text)
    for number, line in enumerate(lines):
        if email and email.lower() in line.lower():
            return "\n".join(lines[number : number + REASON_LINES])
    return "\n".join(lines[:40])


def own_lines(text: str) -> list[str]:
    """Return the lines of the report itself, without the mail it returns."""
    lines = text[:LONGEST_REPORT].split("\n", MOST_LINES)[:MOST_LINES]
    for number, line in enumerate(lines):
        marked = _RETURNED.search(line[:200]) or (
            _HEADER_LINE.match(line) and not _names_failures(lines, number)
        )
        if number and marked and _is_end(lines, number):
            return lines[:number]
    return lines


def original_in_text(text: str) -> Headers:
    """Read the header fields of a returned mail that stands in the text of the report."""
    lines = text[:LONGEST_REPORT].split("\n", MOST_LINES)[:MOST_LINES]
    start = len(own_lines(text))
    block = [line.removeprefix("> ").removeprefix("   ") for line in lines[start:]]
    return read_headers("\n".join(line for line in block if line.strip()).encode("utf-8", "replace"))


def _is_end(lines: list[str], number: int) -> bool:
    """A separator or header only ends the report where header fields follow, else it is only prose."""
    following = [line for line in lines[number + 1 : number + 8] if line.strip()]
    return not following or any(re.match(r"[\s>]{0,8}[A-Za-z][\w-]{1,40}\s?:", line) for line in following)


def _names_failures(lines: list[str], number: int) -> bool:
    """Some systems show the mail's header first and the failures below it."""
    return number < 6 and any(_LEAD_IN.search(line[:300]) for line in lines[number : number + 12])


def _ours(received: Received) -> set[str]:
    # A mail to oneself, and a report that shows the failed address as its own recipient, are both rare.
    # X-Original-To and its kin stay out: DragonFly puts the failed address there.
    fields = ("from", "sender", "reply-to", "to", "cc", "delivered-to")
    return {a.email.lower() for name in fields for a in addresses(received.headers.get(name))}


def _mentions(lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    count = 0
    for number, line in enumerate(lines):
        if "@" not in line:
            continue
        for match in EMAIL.finditer(line[:1_000]):
            count += 1
            if count > MOST_FAILURES * 3:
                return
            yield number, line, match[1].strip(".'`"), line[: match.start()]


def _shape(lines: list[str], number: int, line: str, before: str) -> str:
    if _LABEL.search(before[-60:]) and len(before) < 70:
        return "to" if before.strip().lower().startswith("to") else "label"
    if _OPENING.fullmatch(before[-80:]) and len(before) < 81:
        above = [text for text in lines[max(0, number - 8) : number] if text.strip()]
        return "lead" if any(_LEAD_IN.search(text[:300]) for text in above[-5:]) else "line"
    around = f"{lines[number - 1] if number else ''} {line[:500]}"
    if _FAILED.search(around):
        return "sentence"
    return "mention"


def _with_words(lines: list[str], found: list[tuple[int, str, str]], *, sure: bool) -> list[Failure]:
    result: dict[str, Failure] = {}
    for index, (number, email, shape) in enumerate(found[:MOST_FAILURES]):
        key = email.lower()
        if key in result:
            continue
        later = next(
            (n for n, other, _ in found[index + 1 :] if other.lower() != key and n > number), len(lines)
        )
        words = "\n".join(lines[number : min(later, number + REASON_LINES)])
        if len(found) == 1 or not is_decided_by(words.replace(email, "")):
            words = f"{words}\n" + "\n".join(lines[:60])
        result[key] = Failure(email, words[:4_000], _RULE.format(shape), sure)
    return list(result.values())
