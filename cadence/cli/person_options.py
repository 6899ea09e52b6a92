"""The flags that say something of a person, the same for `enroll`, `import` and `simulate`."""

from typing import Annotated

import typer

from cadence.cli.shell import err
from cadence.core.legal import Basis as Grounds
from cadence.core.replies import LossReason
from cadence.service import worded

Sequence = Annotated[str, typer.Option("--sequence", "-s", metavar="NAME", help="The sequence to enroll in.")]
FirstName = Annotated[str | None, typer.Option("--first-name", metavar="NAME", help="First name.")]
LastName = Annotated[str | None, typer.Option("--last-name", metavar="NAME", help="Last name.")]
Title = Annotated[str | None, typer.Option("--title", metavar="TITLE", help="Job title.")]
Language = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Language to write in, such as de.")
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="ZONE", help="Time zone, such as Europe/Berlin; else the country's."),
]
Country = Annotated[
    str | None,
    typer.Option("--country", metavar="CODE", help="Country, such as DE, for hours and public holidays."),
]
Region = Annotated[
    str | None, typer.Option("--region", metavar="CODE", help="Region for public holidays, such as BY.")
]
Company = Annotated[str | None, typer.Option("--company", metavar="NAME", help="The company.")]
Industry = Annotated[str | None, typer.Option("--industry", metavar="WORDS", help="The company's industry.")]
Size = Annotated[
    str | None, typer.Option("--size", metavar="N", help="The company's employees, such as 320 or 51-200.")
]
DealName = Annotated[str | None, typer.Option("--deal-name", metavar="NAME", help="Name of the lost deal.")]
DealProduct = Annotated[
    str | None, typer.Option("--deal-product", metavar="NAME", help="What the deal was about.")
]
DealReason = Annotated[
    str | None,
    typer.Option("--deal-reason", metavar="REASON", help="Why it was lost: price, features, incumbent …"),
]
DealCompetitor = Annotated[str | None, typer.Option("--deal-competitor", metavar="NAME", help="Who won it.")]
DealLostAt = Annotated[
    str | None,
    typer.Option("--deal-lost-at", metavar="DATE", help="When it was lost: a date, or a date and time."),
]
DealContractEnd = Annotated[
    str | None,
    typer.Option(
        "--deal-contract-end",
        "--deal-competitor-contract-end",
        metavar="DATE",
        help="When the winner's contract ends.",
    ),
]
DealAmount = Annotated[
    str | None, typer.Option("--deal-amount", metavar="WORDS", help="What the deal was worth, as written.")
]
DealMissing = Annotated[
    str | None,
    typer.Option("--deal-missing", metavar="WORDS", help="What we could not do, such as single sign-on."),
]
DealMissingShips = Annotated[
    str | None,
    typer.Option("--deal-missing-ships", metavar="DATE", help="When we will be able to do it."),
]
DealAlternative = Annotated[
    str | None,
    typer.Option(
        "--deal-alternative", metavar="NAME", help="Another supplier, or a person, who can help them."
    ),
]
ReferredBy = Annotated[
    str | None,
    typer.Option(
        "--referred-by", metavar="NAME", help="Who named them to us; they are told, so only with consent."
    ),
]
Mailbox = Annotated[
    str | None,
    typer.Option("--mailbox", metavar="ADDRESS", help="Our mailbox that writes, if there are several."),
]
Executive = Annotated[
    str | None,
    typer.Option("--executive", metavar="ADDRESS", help="Our executive's mailbox, if there are several."),
]
Basis = Annotated[
    str | None,
    typer.Option(
        "--basis",
        metavar="GROUND",
        help=f"Legal ground, if not the deal itself: {', '.join(Grounds)}.",
    ),
]
BasisSource = Annotated[
    str | None,
    typer.Option("--basis-source", metavar="WORDS", help="How that is known, such as a form."),
]
BasisSince = Annotated[
    str | None, typer.Option("--basis-since", metavar="DATE", help="Since when it counts; else today.")
]
BasisUntil = Annotated[
    str | None, typer.Option("--basis-until", metavar="DATE", help="Its last day, where it has one.")
]
DateOrder = Annotated[
    str | None,
    typer.Option("--date-order", metavar="ORDER", help="How to read 03/04/2026: dmy or mdy."),
]


def doubt_reason(words: str | None) -> None:
    """Say that no story answers a reason that is none of the known ones; it counts all the same."""
    if words is None or worded.loss_reason(words) is not None:
        return
    near = worded.near_reason(words)
    meant = f"; did you mean {near}?" if near else "."
    known = ", ".join(LossReason)
    err.print(f"warning: no story answers the reason {words!r}{meant} Known are {known}.", markup=False)
