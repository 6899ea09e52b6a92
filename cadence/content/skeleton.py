"""What a new sequence, story or event begins with: small, right, and full of notes that teach the format."""

import re
from datetime import date

from cadence.content.files import POOLS, SHARED, STORIES, Snapshot, template_files
from cadence.content.keys import NAME_PATTERN
from cadence.content.toml import decode
from cadence.core.errors import InvalidInput, NotFound
from cadence.core.occasions import EVENTS
from cadence.core.trials import OTHER

_BOARD = """\
{schema}# The storyboard: who writes, when, and under which subject. The words of each mail are in a file of
# its name. Every key is told in docs/authors.md. Try it:
#     cadence lint {name}
#     cadence preview {name} --serve
#     cadence simulate {name}

name     = "{title}"
audience = "lost"                       # or "former", or "referral"
ends     = "12 months"                  # then nothing more is sent

[window]                                # when mails may leave, in the reader's local time
days     = ["mon", "tue", "wed", "thu", "fri"]
hours    = "09:00-16:30"
holidays = "skip"                       # the public holidays of their country


[[step]]
name    = "thank-you"                   # its words: thank-you.md.j2
after   = "2 hours"                     # the first step: after the deal was lost
within  = "24 hours"                    # else it is skipped: a late thank-you is worse than none
window  = {{ days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], hours = "08:00-20:00" }}
from    = "rep"
subject = "Thank you for the time you gave us"

[[step]]
name    = "question"
after   = "4 business days"             # after the step before it
from    = "executive"                   # someone other than the person they turned down
subject = "One question"
unless  = ["feedback", "feedback_declined"]   # whoever told us why is not asked why

# How you helped other clients, for as long as it lasts. Write stories first: cadence new story NAME
#
# [[step]]
# name    = "story"
# after   = "45 days"
# repeat  = "50 days"
# pool    = "stories"
# subject = "{{{{ story.title }}}}"


# A branch: only for those who told us why. A person answers a person, so it is a draft (review).

[[step]]
name    = "thanks-for-telling"
on      = "feedback"
after   = "4 hours"
from    = "executive"
thread  = "reply"
subject = "Thank you for telling us"
review  = true
"""

_THANK_YOU = """\
{# Plain words, under 120 of them, and one question at most. A note like this one is not sent. #}
Hello{% if prospect.first_name %} {{ prospect.first_name }}{% endif %},

Thank you for the time that you and your colleagues gave us, and congratulations on reaching a decision.

{# What may be unknown needs something to stand in for it: write `or`, or ask with `if`. #}
I'm sorry that our proposal{% if deal.product %} for {{ deal.product }}{% endif %} fell short of what
you needed. I wish you and {{ deal.competitor or "the vendor you chose" }} every success.

If our notes on your requirements save you some time at the start, they are yours.

With best wishes,
"""

_QUESTION = """\
Hello{% if prospect.first_name %} {{ prospect.first_name }}{% endif %},

I work with {{ rep.name }}, and I'd like to learn from how your decision went. What was the main
thing that decided it?

A line or two is plenty. If you'd rather keep it to yourselves, that's quite all right.

Thank you,
"""

_THANKS = """\
Hello{% if prospect.first_name %} {{ prospect.first_name }}{% endif %},

Thank you for telling me, and for putting it so plainly. I've shared it with the people here
who can do something about it. If we put it right, I'll let you know.

There's no need to reply.

With kind regards,
"""

_SAMPLE = """\
# Made-up people for lint and preview. Leave facts out on purpose: every mail must read well without them.

[[sample]]
name      = "everything is known"
prospect  = { first_name = "Ada", last_name = "Bell", email = "ada@theirs.example", language = "en" }
account   = { name = "Bell & Daughters <Ltd.>", industry = "food", size = 40 }
deal      = { name = "Bell, first year", product = "our planner", reason = "price", competitor = "Fernhill", \
lost_at = 2026-09-14 }

[[sample]]
name      = "hardly anything is known"
prospect  = { email = "office@marsh.example" }
account   = { name = "Marsh & Vale" }
deal      = { name = "Marsh & Vale", lost_at = 2026-10-02 }
"""

_STORY = """\
+++
title        = "{title}"
industries   = []                        # as in account.industry: ["food", "retail"]; empty: for all
sizes        = {{ min = 1, max = 100000 }} # their number of employees
loss_reasons = []                        # which reasons for a loss it answers: ["price"]; empty: for all
languages    = ["en"]                    # a translation is a file of its own: {name}.de.md.j2
# fresh_until = 2030-12-31               # after that day it is told no more
example      = true                      # made up, so lint reminds you: take this line out once it is true
+++
{{# The whole mail, greeting and sign-off included; up to 220 words. No client is named without consent. #}}
Hello{{% if prospect.first_name %}} {{{{ prospect.first_name }}}}{{% endif %}},

Who they are, in a line: what they do, how many they are, and what went wrong on an ordinary day.

What you did together, told so that somebody in the trade nods. One thing that did not work at first.

What came of it: one figure that they would confirm.

What the reader can take from it without buying anything, or one question that is easy to decline.

With best wishes,
"""

_EVENT = """\
+++
title        = "{title}"
industries   = []                        # as in account.industry: ["food", "retail"]; empty: for all
sizes        = {{ min = 1, max = 100000 }} # their number of employees
loss_reasons = []                        # which reasons for a loss it answers: ["price"]; empty: for all
languages    = ["en"]                    # a translation is a file of its own: {name}.de.md.j2
starts       = {day}T14:00:00       # by the clocks of the place
ends         = {day}T16:00:00
zone         = "Europe/London"
place        = "Where it is, in one line"
# link       = "https://…"               # where it is on the web
# capacity   = 12                        # once so many said yes, nobody else is invited
# until      = {day}                # the last day on which people are invited; else the day before it
cancelled    = true                      # as long as this says so, nobody is invited: take it out at last
+++
{{# The whole mail, greeting and sign-off included. The mail program shows Yes, Maybe and No by itself. #}}
Hello{{% if prospect.first_name %}} {{{{ prospect.first_name }}}}{{% endif %}},

What the reader will see there that they could not read at home, in a line or two, and who else comes.

It is on {{{{ event.day | weekday }}}}, {{{{ event.day | date }}}}, from {{{{ event.starts }}}} to
{{{{ event.ends }}}} ({{{{ event.zone }}}} time), at {{{{ event.place or event.link }}}}.

Come if it is of use to you. A line is enough, and so is no line.

With best wishes,
"""


def sequence_files(name: str, *, schema: bool = False) -> dict[str, str]:
    """The files of a new sequence, by path below the templates folder.

    schema: the JSON Schema lies beside the sequences, so editors are told of it. Raises InvalidInput for a
    name that no folder of a sequence can have.
    """
    title = _title(name)
    directive = "#:schema ../sequence.schema.json\n" if schema else ""
    return {
        f"{name}/sequence.toml": _BOARD.format(name=name, title=title, schema=directive),
        f"{name}/thank-you.md.j2": _THANK_YOU,
        f"{name}/question.md.j2": _QUESTION,
        f"{name}/thanks-for-telling.md.j2": _THANKS,
        f"{name}/sample.toml": _SAMPLE,
    }


def story_files(name: str) -> dict[str, str]:
    """The file of a new story, by path below the templates folder; raises InvalidInput for a bad name."""
    return {f"{STORIES}/{name}.md.j2": _STORY.format(name=name, title=_title(name))}


def event_files(name: str, day: date) -> dict[str, str]:
    """The file of a new event on a day, to be filled in; raises InvalidInput for a bad name."""
    return {f"{EVENTS}/{name}.md.j2": _EVENT.format(name=name, title=_title(name), day=day)}


def variant_files(snapshot: Snapshot, name: str, step: str) -> dict[str, str]:
    """Another way of writing a step: its words as they are, to be changed, in every language.

    Raises NotFound for a step without words.
    """
    own = [file for file in template_files(snapshot, name) if file.name == step and file.variant is None]
    if not own:
        raise NotFound(f"{name} has no words of a step {step!r}")
    return {
        file.path.replace(f"/{step}.", f"/{step}~{OTHER}."): decode(snapshot[file.path], file.path)
        for file in own
    }


def _title(name: str) -> str:
    if not re.fullmatch(NAME_PATTERN, name) or name in (SHARED, *POOLS):
        raise InvalidInput(f"{name!r} cannot be its name: use small letters, digits and hyphens")
    return name.replace("-", " ").capitalize()
