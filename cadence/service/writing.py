"""The words of one mail: the facts a template may use, the story that fits, the finished message."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.content.handover import introduced
from cadence.core.address import domain_of
from cadence.core.calendar import local
from cadence.core.model import Mailbox, OutboundMessage
from cadence.core.relevance import Choice, Profile, choose
from cadence.core.sequence import Step, Thread
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.service import handing_over, inviting, trials
from cadence.service.app import App, Company
from cadence.service.library import Published
from cadence.store import correspondence, handovers, inbound
from cadence.store.enrollments import Case


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail ready to leave; text and html are its words, raw is all of it; variant: of two ways of it."""

    revision_id: int
    mailbox: Mailbox
    subject: str
    text: str
    html: str
    raw: bytes
    story: str | None
    variant: str | None = None


async def choose_story(
    app: App, tx: AsyncConnection, case: Case, step: Step, content: SequenceContent
) -> Choice | None:
    """The most relevant story, or event, that nobody at the account has got yet, None where none fits."""
    sent = await correspondence.stories_sent(tx, case.account.id)
    profile = await profile_of(tx, case, content)
    return choose(await inviting.tellable(tx, content), profile, sent, app.clock().date())


async def profile_of(tx: AsyncConnection, case: Case, content: SequenceContent) -> Profile:
    """What a story must fit. Why the deal was lost: as the prospect says, and as the rep believes."""
    reasons = await inbound.loss_reasons(tx, case.prospect.id)
    if case.deal.reason:
        reasons = (*reasons, case.deal.reason)
    return Profile(
        industry=case.account.industry,
        size=case.account.size,
        loss_reasons=reasons,
        language=written_in(content, case.prospect.language),
    )


async def draft(
    app: App,
    tx: AsyncConnection,
    case: Case,
    message: OutboundMessage,
    published: Published,
    mailbox: Mailbox,
    story: str | None,
) -> Draft:
    """Render and compose a mail; raises ContentError or InvalidInput where it would be wrong."""
    content = published.content
    step = content.sequence.step(message.step)
    assert step is not None
    before = handing_over.before(case.enrollment, mailbox.id)
    written: list[OutboundMessage] = []
    if before or step.thread is Thread.REPLY:
        written = await correspondence.thread(tx, case.enrollment.id, mailbox.id, *before)
    thread = _latest_conversation(written) if step.thread is Thread.REPLY else []
    url = app.unsubscribe_url(case.enrollment.id)
    answer = app.answer_url(case.enrollment.id)
    context = context_of(case, mailbox, app.policy.company, unsubscribe=url, answer=answer)
    context["thread"] = {"subject": thread[0].subject if thread else None}
    language = case.prospect.language
    variant = await trials.variant_of(tx, message, content, step, language)
    rendered = content.render(step.name, context, story=story, language=language, variant=variant)
    if before and written and not any(mail.mailbox_id == mailbox.id for mail in written):
        (last,) = await handovers.predecessors(tx, before[:1])
        rendered = introduced(rendered, last.name, written_in(content, language))
    letter = Letter(
        sender=Address(mailbox.name, mailbox.address),
        to=Address(_full_name(case.prospect.first_name, case.prospect.last_name) or "", case.prospect.email),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message.message_id,
        date=app.clock(),
        reply_to=_plus_address(mailbox, case.enrollment.id),
        in_reply_to=thread[-1].readers_id if thread else None,
        references=tuple(earlier.readers_id for earlier in thread),
        unsubscribe_url=url,
        unsubscribe_mailto=mailbox.address,
        attachments=rendered.attachments,
        invitation=await inviting.invitation(tx, case, message, content.story(story) if story else None),
    )
    raw = compose(letter)
    words = (rendered.subject, rendered.text, rendered.html)
    return Draft(published.revision_id, mailbox, *words, raw, story, variant)


def context_of(
    case: Case, sender: Mailbox, company: Company, *, unsubscribe: str | None, answer: str | None = None
) -> dict[str, Any]:
    """The plain data that templates may use; content/variables.py lists the names."""
    prospect, account, deal = case.prospect, case.account, case.deal
    return {
        "prospect": {
            "first_name": prospect.first_name,
            "last_name": prospect.last_name,
            "name": _full_name(prospect.first_name, prospect.last_name),
            "email": prospect.email,
            "title": prospect.title,
            "language": prospect.language,
        },
        "account": {"name": account.name, "industry": account.industry, "size": account.size},
        "deal": {
            "name": deal.name,
            "product": deal.product,
            "reason": deal.reason,
            "competitor": deal.competitor,
            "lost_at": local(deal.lost_at, prospect.place).date(),
            "amount": deal.amount,
            "competitor_contract_end": deal.competitor_contract_end,
            "missing": deal.missing,
            "missing_ships": deal.missing_ships,
            "alternative": deal.alternative,
            "referred_by": deal.referred_by,
        },
        "sender": _signer(sender),
        "rep": _signer(case.mailbox),
        "executive": _signer(case.executive),
        "company": {
            "name": company.name,
            "postal_address": company.postal_address,
            "website": company.website,
        },
        "links": {"unsubscribe": unsubscribe, "answer": answer},
    }


def written_in(content: SequenceContent, language: str) -> str:
    """The language in which a sequence writes to somebody: theirs, where it has it."""
    steps = (step for step in content.sequence.steps if step.pool is None)
    return language if any(language in content.languages(step) for step in steps) else content.language


def _latest_conversation(sent: list[OutboundMessage]) -> list[OutboundMessage]:
    """The mails since the last one that opened a conversation, with it."""
    opened = (n for n, mail in enumerate(sent) if not (mail.subject or "").startswith("Re: "))
    return sent[max(opened, default=0) :]


def _signer(mailbox: Mailbox | None) -> dict[str, str | None]:
    if mailbox is None:
        return dict.fromkeys(("name", "first_name", "email", "title", "phone", "signature"))
    return {
        "name": mailbox.name,
        "first_name": mailbox.name.split()[0],
        "email": mailbox.address,
        "title": mailbox.title,
        "phone": mailbox.phone,
        "signature": mailbox.signature,
    }


def _full_name(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None


def _plus_address(mailbox: Mailbox, enrollment_id: int) -> Address | None:
    """An address of the mailbox that names the thread, where its server takes such (RFC 5233)."""
    if not mailbox.plus_addressing:
        return None
    local = mailbox.address.rpartition("@")[0]
    return Address(mailbox.name, f"{local}+c{enrollment_id}@{domain_of(mailbox.address)}")
