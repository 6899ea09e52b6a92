"""Whoever asks to be erased is found in no table afterwards, and is never written to again.

What they write later is kept nowhere, and what others wrote loses their name.
"""

import json
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput, NotFound
from cadence.core.people import CONSOLE
from cadence.mail.parse import parse
from cadence.service import dossier, enrolling, forgetting, one_question, reporting
from cadence.service.links import Purpose
from cadence.store import erasing
from cadence.store.tables import (
    accounts,
    audit,
    inbound,
    messages,
    metadata,
    suggestions,
    suppressions,
    tasks,
)
from tests.service.fakes import reply

DANA = "dana.doleful@lost.example"
NAMES = ("dana.doleful", "doleful")


async def rows(world, table, *columns):
    async with world.app.db.read() as tx:
        return list(await tx.execute(sa.select(*(columns or (table,))).order_by(*table.primary_key)))


async def everything(world):
    """Every value of every table, what is packed unpacked: (table, column) → text."""
    found = {}
    for table in metadata.sorted_tables:
        for row in await rows(world, table):
            for column, value in zip(table.c, row, strict=True):
                is_sealed = column.name == "answer" and value is not None and table.name == "answers"
                text = told(world.app.vault.open(value) if is_sealed else value)
                found.setdefault(f"{table.name}.{column.name}", []).append(text.casefold())
    return found


def told(value):
    if not isinstance(value, bytes):
        return json.dumps(value, ensure_ascii=False, default=str)
    try:
        raw = zlib.decompress(value)
    except zlib.error:
        return value.decode("latin-1")
    mail = parse(raw)
    return raw.decode("utf-8", "replace") + mail.text + mail.subject + str(mail.sender)


async def named_in(world):
    held = (await everything(world)).items()
    return sorted(place for place, texts in held if any(name in text for text in texts for name in NAMES))


@pytest.fixture
async def heard(world):
    """Dana and her colleague Lee were written to; both answered, Lee about Dana."""
    await world.enroll(DANA, first_name="Dana", last_name="Doleful", title="Head", deal_name="Scanners")
    await world.enroll("lee@lost.example", first_name="Lee", deal_name="Scanners")
    await world.after(hours=2)
    await world.after(hours=2)
    first, second = world.sent
    thanks = reply(
        "I am the wrong person for this. Please ask Dana Doleful <dana.doleful@lost.example>.",
        to=second.raw,
        sender="lee@lost.example",
        at=world.now,
        number=1,
    )
    answer = reply("It was too expensive for us, Dana", to=first.raw, sender=DANA, at=world.now, number=2)
    await world.arrives(thanks)
    await world.arrives(answer)
    await put_elsewhere(world)
    return world


async def put_elsewhere(world):
    """What people did in the workplace leaves traces of Dana as well."""
    row, sealed = f"{DANA};Dana;Doleful", world.app.vault.seal(told([DANA]))
    when = {"begun_at": world.now, "created_at": world.now, "at": world.now, "changed_at": world.now}

    async def put(table_name, **values):
        table = metadata.tables[table_name]
        also = {key: value for key, value in when.items() if key in table.c}
        await tx.execute(table.insert().values(also | values))

    async with world.app.db.write() as tx:
        us = {"email": "r@vendor.test", "email_key": "r@vendor.test"}
        await put("users", name="R", role="rep", team="", zone="UTC", **us)
        await put("webhooks", user_id=1, url="https://crm.example", description="", events=[], secret="")
        body = told({"prospect": DANA})
        await put(
            "deliveries", webhook_id=1, message_id="m", type="t", body=body, state="pending", attempts=0
        )
        await put("answers", user_id=1, key="k", digest="d", answer=sealed)
        sums = {"done": 0, "total": 9, "found": {}, "result": {}, "asked": {"sample": [row.split(";")]}}
        await put("jobs", kind="import", state="running", user_id=1, title="l.csv", **sums)
        await put("job_files", job_id=1, name="l.csv", raw=zlib.compress(row.encode("utf-16")))
        about = {"email": DANA, "reason": "known", "cells": row.split(";")}
        await put("job_rejects", job_id=1, phase="running", row=1, **about)
        await put("reports", key="k", made_at=world.now, body={"quotes": ["Dana Doleful: too expensive"]})
        await put("undos", user_id=1, prospect_id=2, what=f"stopped, as {DANA} said", rows={}, digest="")
        letter = {"recipient": "lee@lost.example", "subject": "Re:", "text": f"I will ask {DANA}"}
        names = {"key": "l", "message_id": "<l@v.test>", "actor": "r", "state": "sent"}
        await put("letters", inbound_id=1, enrollment_id=2, mailbox_id=1, **letter, **names)


async def test_nothing_is_left_that_names_them_in_any_table(heard):
    assert {"prospects.email", "inbound.raw", "messages.raw", "suggestions.email", "tasks.text"} <= set(
        await named_in(heard)
    )
    done = await forgetting.forget(heard.app, CONSOLE, DANA.upper())
    assert (done.rows["inbound"], done.rows["messages"], done.rows["prospects"]) == (1, 3, 1)
    assert await named_in(heard) == []


async def test_what_others_wrote_stays_without_their_name(heard):
    await forgetting.forget(heard.app, CONSOLE, DANA)
    (kept,) = await rows(heard, inbound)
    assert kept.verdict["text"].startswith("I am the wrong person for this. Please ask [erased] <[erased]>.")
    assert "Please ask [erased]" in parse(zlib.decompress(kept.raw)).text
    told = await reporting.why(heard.app, "lee@lost.example")
    assert told["replies"][0]["category"] == kept.category
    assert [row.name for row in await rows(heard, suggestions)] == []


async def test_they_are_never_let_in_again(heard):
    await forgetting.forget(heard.app, CONSOLE, DANA)
    with pytest.raises(Conflict, match="asked to be forgotten: nobody writes to this address again"):
        await heard.enroll(DANA.title())
    with pytest.raises(NotFound, match="asked to be forgotten"):
        await reporting.why(heard.app, DANA)
    await heard.enroll("someone.else@lost.example")
    left = len(heard.sent)
    for _ in range(6):
        await heard.after(days=10)
    assert DANA not in {mail.recipient for mail in heard.sent[left:]}
    assert await named_in(heard) == []


async def test_what_they_write_later_is_kept_nowhere(heard):
    first = heard.sent[0]
    await forgetting.forget(heard.app, CONSOLE, DANA)
    again = [
        reply("Hello again", to=first.raw, sender=DANA, at=heard.now, number=7),
        reply("From my other address", to=first.raw, sender="dd@home.example", at=heard.now, number=8),
    ]
    for mail in again:
        assert await heard.arrives(mail) == 0
    assert len(await rows(heard, inbound)) == 1


async def test_links_in_old_mails_go_on_working_and_keep_nothing(heard):
    await forgetting.forget(heard.app, CONSOLE, DANA)
    await enrolling.opt_out(heard.app, 1, "a link")
    await one_question.take_in(heard.app, heard.app.links.sign(1, Purpose.ANSWER), "It was Dana Doleful here")
    assert len(await rows(heard, inbound)) == 1
    assert await rows(heard, suppressions) == []
    assert await named_in(heard) == []


async def test_a_mail_of_others_that_went_to_them_too_does_not_bring_them_back(heard):
    second = heard.sent[1]
    await forgetting.forget(heard.app, CONSOLE, DANA)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = "lee@lost.example", "rep@vendor.test", DANA
    mail["Subject"], mail["Message-ID"] = "Re: Thank you", "<n@lost.example>"
    mail["In-Reply-To"] = parse(second.raw).message_id
    mail.set_content("Let us talk next week.")
    assert await heard.arrives(mail.as_bytes()) == 1
    assert "participants.email_key" not in await named_in(heard)


async def test_a_company_that_is_called_like_them_is_not_any_more(world):
    await world.enroll("dana@doleful.example", last_name="Doleful", company="Doleful & Sons")
    await forgetting.forget(world.app, CONSOLE, "dana@doleful.example")
    (company,) = await rows(world, accounts)
    assert (company.name, company.key) == ("[erased] & Sons", "[erased] 1")


async def test_caps_and_stories_remember_a_mail_that_nobody_can_read(heard):
    await forgetting.forget(heard.app, CONSOLE, DANA)
    shells = [row for row in await rows(heard, messages) if row.prospect_id == 1]
    assert shells[0].sent_at and shells[0].step == "thank-you"
    assert {row.state for row in shells} <= {"sent", "cancelled", "skipped"}
    assert parse(zlib.decompress(shells[0].raw)).subject == "Erased"


async def test_colleagues_that_waited_for_them_can_be_resumed(world):
    await world.enroll(DANA, deal_name="Scanners")
    await world.enroll("lee@lost.example", deal_name="Scanners")
    await world.after(hours=2)
    no = reply("No thank you, not interested.", to=world.sent[0].raw, sender=DANA, at=world.now, number=1)
    await world.arrives(no)
    assert "colleagues" in {row.kind for row in await rows(world, tasks)}
    await forgetting.forget(world.app, CONSOLE, DANA)
    (left,) = await rows(world, tasks)
    assert (left.kind, left.text.startswith("[erased]")) == ("colleagues", True)


async def test_while_a_mail_to_them_is_being_sent_nothing_is_erased(world):
    await world.enroll(DANA)
    async with world.app.db.write() as tx:
        await tx.execute(messages.update().values(state="sending"))
    with pytest.raises(Conflict, match="at this moment"):
        await forgetting.forget(world.app, CONSOLE, DANA)
    assert await rows(world, metadata.tables["forgotten"]) == []


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("nonsense", "not an email address"),
        ("rep@vendor.test", "mailbox of ours"),
        ("r@vendor.test", "logs in here"),
    ],
)
async def test_what_cannot_be_erased_is_said(heard, email, says):
    with pytest.raises(InvalidInput, match=says):
        await forgetting.forget(heard.app, CONSOLE, email)


async def test_somebody_never_enrolled_is_kept_out_as_well(heard):
    for _ in range(2):  # twice is as good as once
        await forgetting.forget(heard.app, CONSOLE, "new@new.example")
    assert len(await rows(heard, metadata.tables["forgotten"])) == 1
    with pytest.raises(Conflict, match="forgotten"):
        await heard.enroll("new@new.example")


async def test_the_audit_trail_can_be_changed_in_no_other_way(heard):
    await dossier.of_address(heard.app, CONSOLE, DANA)
    await forgetting.forget(heard.app, CONSOLE, DANA)
    entries = await rows(heard, audit)
    assert [(row.action, row.subject) for row in entries] == [
        ("prospect.exported", "somebody who was erased"),
        ("prospect.forgotten", "somebody who was erased"),
    ]
    for change in (
        audit.update().values(subject="nothing happened"),
        audit.update().values(subject="somebody who was erased", actor="nobody"),
        audit.delete(),
    ):
        with pytest.raises((sa.exc.DBAPIError, DatabaseAway), match="never changed"):
            async with heard.app.db.write() as tx:
                await tx.execute(change)


async def test_the_files_of_sqlite_hold_no_trace(heard, database_url):
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL overwrites what is deleted when it vacuums")
    file = Path(database_url.partition("///")[2])
    assert b"doleful" in held_in(file)
    await forgetting.forget(heard.app, CONSOLE, DANA)
    await heard.app.db.close()
    assert b"doleful" not in held_in(file)


def held_in(file):
    """Everything in a database of SQLite, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*")).lower()


OTHERWISE = """
accounts: key domain
alarms: address fault
answers: key digest answer
api_tokens: name prefix digest scopes
audit: actor action subject address
channels: format team zone quiet_from quiet_until
corrections: category model actor
covered: actor
crm_conflicts: remote_id name decision
crm_connections: kind url secrets hook cursor state
crm_deals: remote_id crm_id state sequence start bases
crm_writes: remote_id key
deals: crm_id outcome
deliveries: message_id type body state fault
dkim_keys: domain selector algorithm secret record
enrollments: sequence state heard handovers
event_totals: kind
events: kind
feed_mails: folder name
feeds: folder position
folders: name
forgotten: digest
grants: refresh
inbound: folder message_key category action corrected
invitations: digest
job_files: name
job_rejects: phase
jobs: kind state held_by
letters: key message_id actor state
mailboxes: address address_key name role smtp imap username secret title phone signature zone country region
mailboxes: state sent_folder watched_by absences oauth return_path
messages: step state message_id left_as sent_by story variant
models: version base report
news: answers story actor
opinions: model category
participants: email_key
processes: id kind
prospects: email email_key first_name last_name title language zone country region status
prospects: basis basis_source
recovery_codes: digest
relay_tokens: token body
relays: name kind smtp username secret hook
reports: key body
revisions: sequence digest
rsvps: answer actor
sessions: digest address agent
suggestions: kind
suppressions: email_key
tasks: kind
throttles: key
trials: sequence step key counts winner
undos: digest
users: email email_key name role team zone language password totp_secret
webhook_news: kind was became
webhooks: url events secret old_secret disabled_why
"""
"""Columns that hold no words about prospects, are emptied with their row, or are dealt with by themselves."""


def test_every_column_with_words_is_searched_or_known_to_hold_none():
    """Whoever adds a column decides whether somebody may be named in it."""
    texts = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, sa.Text | sa.JSON)
    }
    searched = {f"{table.name}.{name}" for table, names in erasing.WORDS.items() for name in names}
    lines = (line.partition(": ") for line in OTHERWISE.strip().splitlines())
    otherwise = {f"{table}.{name}" for table, _, names in lines for name in names.split()}
    assert searched | otherwise == texts
    assert not searched & otherwise


# --- handing it out ---


async def test_a_person_gets_everything_that_is_kept_about_them(heard):
    found = await dossier.of_address(heard.app, CONSOLE, DANA)
    kept = json.loads(dict(found.files())["person.json"])
    assert kept["prospects"][0]["last_name"] == "Doleful"
    assert [mail["step"] for mail in kept["mails"]] == ["thank-you", "feedback", "thanks-for-it"]
    assert kept["replies"][0]["verdict"]["text"] == "It was too expensive for us, Dana"
    assert kept["company"][0]["name"] == "Lost Inc."
    assert kept["told"][0]["url"] == "https://crm.example"
    assert kept["left_out_of_imports"][0]["cells"] == [DANA, "Dana", "Doleful"]
    assert kept["events"] and kept["enrollments"] and kept["deals"]
    assert sorted(found.mails) == ["mails/1.eml", "replies/2.eml"]
    assert parse(found.mails["mails/1.eml"]).to[0].email == DANA
    assert found.zipped().startswith(b"PK")


async def test_what_is_handed_out_is_of_nobody_else(heard):
    found = await dossier.of_address(heard.app, CONSOLE, "lee@lost.example")
    assert [row["email"] for row in found.document["prospects"]] == ["lee@lost.example"]
    assert "too expensive for us" not in json.dumps(found.document, default=str)


async def test_nothing_is_handed_out_of_whom_nothing_is_kept(heard):
    with pytest.raises(NotFound, match="nothing is kept about nobody@lost"):
        await dossier.of_address(heard.app, CONSOLE, "nobody@lost.example")
    await forgetting.forget(heard.app, CONSOLE, DANA)
    with pytest.raises(NotFound, match="nothing else is kept"):
        await dossier.of_address(heard.app, CONSOLE, DANA)
