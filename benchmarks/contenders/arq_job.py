"""A plain arq job per mail, as most people would write it: load, render, connect, send, mark as sent.

Nothing here is slow on purpose: templates are kept compiled by Jinja's loader, the database has a pool,
the worker runs ten jobs at once. Only the connection to the mail server is new for every mail.
"""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any, TextIO

import aiosmtplib
import asyncpg  # type: ignore[import-untyped]
from arq import create_pool
from arq.connections import RedisSettings
from arq.worker import Worker
from jinja2 import DictLoader, Environment

from benchmarks.contenders.child import read_words, run, serve

_TABLE = """
create table people (
    id bigserial primary key, first_name text, email text, unsubscribe text, sent_at timestamptz
)
"""


async def send_mail(ctx: dict[str, Any], person_id: int) -> None:
    """The job."""
    person = await ctx["db"].fetchrow("select * from people where id = $1", person_id)
    facts = dict(person)
    message = EmailMessage()
    message["From"] = ctx["from"]
    message["To"] = person["email"]
    message["Subject"] = ctx["templates"].get_template("subject").render(facts)
    message["Message-ID"] = make_msgid(domain="vendor.test")
    message["List-Unsubscribe"] = f"<{person['unsubscribe']}>"
    message.set_content(ctx["templates"].get_template("text").render(facts))
    message.add_alternative(ctx["templates"].get_template("html").render(facts), subtype="html")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=ctx["port"])
    await ctx["db"].execute("update people set sent_at = now() where id = $1", person_id)


async def _main(given: dict[str, Any], answers: TextIO) -> None:
    words = read_words(given["words"])
    db = await asyncpg.create_pool(given["database"].replace("+asyncpg", ""))
    assert db is not None
    await db.execute(_TABLE)
    settings = RedisSettings.from_dsn(given["redis"])
    queue = await create_pool(settings)
    templates = Environment(
        loader=DictLoader({kind: words[kind] for kind in ("subject", "text", "html")}),
        autoescape=lambda name: name == "html",
    )
    ctx = {"db": db, "templates": templates, "port": given["port"], "from": words["sender"]}

    async def prepare(count: int) -> int:
        for person in words["people"][:count]:
            person_id = await db.fetchval(
                "insert into people (first_name, email, unsubscribe) values ($1, $2, $3) returning id",
                *(person[name] for name in ("first_name", "email", "unsubscribe")),
            )
            await queue.enqueue_job("send_mail", person_id)
        return count

    async def send(count: int) -> int:
        worker = Worker(
            [send_mail],
            redis_settings=settings,
            burst=True,
            ctx=ctx,
            handle_signals=False,
            poll_delay=given["poll"],
        )
        await worker.async_run()
        done = worker.jobs_complete
        await worker.close()
        return done

    await serve(answers, prepare=prepare, send=send)


if __name__ == "__main__":
    run(_main)
