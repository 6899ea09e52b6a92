"""Decide whether a mail reports a failed delivery, of whom, and for how long."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes

from flufl.bounce import all_failures

from cadence.core.replies import Bounce, Category
from cadence.mail import return_path
from cadence.mail.address import addresses
from cadence.mail.bounce_text import Failure, failure_words, failures, original_in_text
from cadence.mail.headers import Headers
from cadence.mail.json_notice import noticed
from cadence.mail.parse import Received
from cadence.mail.report import Recipient, delivery_report, enhanced_status, report_in_text, returned_headers
from cadence.mail.severity import Severity, is_sender_fault, severity

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what we catch

_DAEMON = re.compile(
    r"mailer[-_. ]?daemon|post-?master|mail delivery|maildelivery|mail[- ]?system|mail administrator|"
    r"microsoftexchange|delivery (?:sub|system|status)"
    r"|^mdaemon|\bbounces?\b|mailerdaemon|mail-daemon|mailgateway|mmdf|mailmarshal|email-?delivery|"
    r"undeliver|\bsysop\b|mail ?router|system administrator|\bsmtp\b|smtp[-_. ]?(?:mail|server|gateway|service)|"
    r"for_smtp_|mail ?(?:server|gateway|scanner|service)\b|antivirus|virus ?wall|mailsweeper|mimesweeper",
    re.I,
)
_SUBJECT = re.compile(
    r"undeliver|un-deliver|not delivered|not be delivered|non[- ]?delivery|delivery (?:has )?(?:status|"
    r"fail|notification|delayed|problem|error|report|incomplete)|fail(?:ed|ure)|"
    r"returned mail|mail returned|return(?:ed)? to sender|returning message|returned message|"
    r"could ?n[o']t (?:be )?deliver|cannot be delivered|mail delivery|delayed|message status|"
    r"warning: (?:could not|message|mail)|"
    r"unzustell|nicht zustell|nicht zugestellt|unzustellbar|non remis|échec de la remise|"
    r"echec de la remise|non distribu|mancata consegna|notifica di mancato|"
    r"no (?:se )?(?:ha )?(?:podido )?entreg|no entregado|no se puede entregar|"
    r"não (?:foi )?(?:entregue|entregável)|falha na entrega|onbestelbaar|niet (?:worden )?(?:bezorgd|"
    r"afgeleverd)|不達|配信不能|配送|退信|传输失败|投递失败|无法(?:投递|送达)|недостав|не доставлено|user unknown|unknown user|failure notice|"
    r"rejected mail|mail could not|permanent error|nondeliverable|mail error|problem delivering|"
    r"delivery to|undelivered",
    re.I,
)
_PASSED_ON = re.compile(r"\s*(?:re|fwd?|aw|wg|tr|rv|sv|i|enc|doorst)\s?:", re.I)
_POSTING = ("x-beenthere", "list-post")
_LARGEST_FOR_FLUFL = 300_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A delivery report: bounce or notice of success, and the rule that said so."""

    category: Category
    confidence: float
    rule: str
    bounce: Bounce


def read_bounce(received: Received) -> Reading | None:
    """Read a delivery report; None where the mail is none."""
    if _passed_on_by_a_list(received):
        return None
    recipients = delivery_report(received) or noticed(received)
    if recipients:
        return _of_report(received, recipients)
    return _of_words(received)


def _passed_on_by_a_list(received: Received) -> bool:
    """A report that a mailing list sent on to its members is about a mail of somebody else.

    What went to the address that manages a list carries the list's fields as well, and is a report.
    """
    fields = received.headers
    if not _has_list_fields(received):
        return False
    posting = {
        address.email.lower()
        for name in _POSTING
        for value in fields.get_all(name)
        for address in addresses(value)
    }
    if posting:
        return any(address.email.lower() in posting for address in (*received.to, *received.cc))
    sender = fields.raw("return-path")
    return not _DAEMON.search(sender) and sender.strip() != "<>"


def _has_list_fields(received: Received) -> bool:
    return any(name in received.headers for name in ("list-id", "x-beenthere"))


def _of_report(received: Received, recipients: tuple[Recipient, ...]) -> Reading | None:
    failed = [r for r in recipients if r.action in ("failed", "failure", "")]
    delayed = [r for r in recipients if r.action == "delayed"]
    chosen = failed or delayed
    if not chosen or (not failed and _has_list_fields(received)):  # a list's mail that is late is no news
        first = recipients[0]
        bounce = _bounce(received, first.email, first.status, first.diagnostic, ())
        return Reading(Category.AUTO_REPLY, 0.98, f"report: {first.action}", bounce)
    first = chosen[0]
    words = first.diagnostic
    status = first.status
    if not words or status is None or status.endswith(".0.0"):
        words = f"{words}\n{failure_words(received.text, first.email)}"
        status = _sharper(status, words)
    email = first.email
    if email is None:
        found = failures(received)
        email = found[0].email if found else _original_to(returned_headers(received))
    everyone = tuple(dict.fromkeys(a for r in chosen for a in (r.email, r.original) if a))
    bounce = _bounce(received, email, status, words, everyone, delayed=not failed)
    hard = severity(status, first.action, words) is Severity.HARD
    return Reading(
        _category(hard), 0.99, f"report: {first.action or 'failed'} {status or ''}".strip(), bounce
    )


def _sharper(status: str | None, words: str) -> str | None:
    """Take the code the diagnostic names where the report's own is missing or says nothing."""
    named = enhanced_status(words)
    return named if named and not named.startswith("2") else status


def _of_words(received: Received) -> Reading | None:
    """Read reports that are written for people: header, sender and words must agree."""
    machine = _from_machine(received)
    named = [a.email for a in addresses(",".join(received.headers.get_all("x-failed-recipients")))]
    subject = bool(_SUBJECT.search(received.subject[:300]))
    found = failures(received) if machine or named or subject else []
    if not (machine or named) and not _is_worded_as_report(received, found, subject=subject):
        return None
    if not found and (written := report_in_text(received.text)):
        return _of_report(received, written)
    if not named and not found and machine and subject:
        found = _by_flufl(received) or _by_original(received)
    if not named and not found and machine and subject and _came_back(received):
        found = [Failure(None, received.text[:2_000], "sent to the return path of a mail", sure=False)]
    if not named and not (found and (subject or machine == "daemon" or found[0].sure)):
        return None
    first = found[0] if found else Failure(named[0], received.text[:2_000], "X-Failed-Recipients", sure=True)
    everyone = tuple(dict.fromkeys([*named, *(failure.email for failure in found if failure.email)]))
    words = first.words or received.text[:2_000]
    status = enhanced_status(words) or enhanced_status(received.headers.get("x-failed-recipients"))
    action = "delayed" if _is_delay(received) else "failed"
    hard = severity(status, action, words if status else f"{words}\n{received.subject}") is Severity.HARD
    email = everyone[0] if everyone else None
    bounce = _bounce(received, email, status, words, everyone, delayed=action == "delayed")
    rule = "X-Failed-Recipients" if named else first.rule
    return Reading(_category(hard), 0.97 if first.sure or named else 0.9, f"bounce text: {rule}", bounce)


def _is_worded_as_report(received: Received, found: list[Failure], *, subject: bool) -> bool:
    """A mail system that does not show itself as one still opens with failed addresses; nobody answers so."""
    answers = _PASSED_ON.match(received.subject) or received.headers.ids("in-reply-to")
    return bool(subject and found and found[0].listed and not answers)


def _is_delay(received: Received) -> bool:
    if re.search(
        r"warning|delayed|verzögert|retard|retras|vertraagd|ritardo|atras", received.subject[:200], re.I
    ):
        head = received.text[:3_000]
        return bool(
            re.search(r"warning|delay|still|not yet|verzögert|noch nicht|keep trying|retr", head, re.I)
        )
    return bool(
        re.search(
            r"this is (?:only )?a (?:temporary|warning)|do not need to resend|"
            r"delivery attempts will continue",
            received.text[:3_000],
            re.I,
        )
    )


def _from_machine(received: Received) -> str:
    """Say how the sender shows itself as a mail system: "daemon", "null" (RFC 5321 §4.5.5) or ""."""
    sender = received.headers.get("from") or received.headers.get("sender")
    if _DAEMON.search(sender[:300]):
        return "daemon"
    if received.headers.raw("return-path").replace(" ", "") == "<>":
        return "null"
    return "" if sender else "null"


def _came_back(received: Received) -> bool:
    """Whether it went to an address that says by itself which mail it is about, so that it need name nobody."""
    return any(return_path.token_in(address) for address in received.recipients_seen)


def _by_flufl(received: Received) -> list[Failure]:
    """Ask flufl.bounce, which knows rare systems; it raises on much and is not bounded, so both are fenced."""
    root = received.root
    source = b"\n".join(
        f"{name}: {value}".encode("ascii", "ignore") for name, value in received.headers.fields
    )
    if root is None or root.children or len(root.body) > _LARGEST_FOR_FLUFL:
        return []
    try:
        temporary, permanent = all_failures(message_from_bytes(source + b"\n\n" + root.body))
    except Exception:  # whatever a detector trips over, the other rules have spoken already
        return []
    found = [item.decode("utf-8", "replace") for item in (*sorted(permanent), *sorted(temporary))]
    return [Failure(item, received.text[:2_000], "flufl.bounce", sure=True) for item in found if "@" in item]


def _by_original(received: Received) -> list[Failure]:
    """Where a report names nobody, the mail it returns does, if that went to a single person."""
    returned = returned_headers(received)
    to = addresses((returned if returned.fields else original_in_text(received.text)).get("to"))
    words = failure_words(received.text, None)
    return [Failure(to[0].email, words, "recipient of the returned mail", sure=True)] if len(to) == 1 else []


def _category(hard: bool) -> Category:
    return Category.BOUNCE_HARD if hard else Category.BOUNCE_SOFT


def _bounce(
    received: Received,
    email: str | None,
    status: str | None,
    words: str,
    everyone: tuple[str, ...],
    *,
    delayed: bool = False,
) -> Bounce:
    returned = returned_headers(received)
    if not returned.fields:
        returned = original_in_text(received.text)
    ids = (
        returned.ids("message-id")
        or received.headers.ids("in-reply-to")
        or received.headers.ids("references")
        or received.headers.ids("x-original-message-id")
    )
    return Bounce(
        recipient=email or _original_to(returned),
        status=status,
        original_message_id=ids[-1] if ids else None,
        diagnostic=" ".join(words.split())[:500],
        sender_fault=is_sender_fault(status, words),
        recipients=everyone,
        delayed=delayed,
    )


def _original_to(returned: Headers) -> str | None:
    found = addresses(returned.get("to"))
    return found[0].email if found else None
