"""django-post-office as well tuned as it goes: one batch, one connection, templates compiled once.

Mails are queued beforehand with their context; what is measured is `send_queued`: fetch, render both
parts, build, send, record. It runs where benchmarks/requirements.lock is installed.
"""

import logging
from functools import lru_cache
from typing import Any, TextIO

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management import call_command
from django.template.backends.django import DjangoTemplates

from benchmarks.contenders.child import read_words, run, serve


class CompiledOnce(DjangoTemplates):
    """Django's engine; post-office asks it to compile the template for every mail, this one does it once."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.from_string = lru_cache(super().from_string)


def _database(url: str) -> dict[str, Any]:
    kind, _, rest = url.partition("://")
    if kind.startswith("sqlite"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 30}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": "/" + rest.lstrip("/"), "OPTIONS": options}
    user_host, _, name = rest.partition("/")
    user, _, address = user_host.partition("@")
    host, _, port = address.partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": None,
    }


def _configure(given: dict[str, Any]) -> None:
    settings.configure(
        USE_TZ=True,
        SECRET_KEY="of a benchmark",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": _database(given["database"])},
        TEMPLATES=[{"NAME": "once", "BACKEND": f"{__name__}.CompiledOnce", "APP_DIRS": False}],
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=given["port"],
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": 1_000_000,
            "BATCH_DELIVERY_TIMEOUT": 3600,
            "THREADS_PER_PROCESS": given["threads"],
            "LOG_LEVEL": 0,
            "MESSAGE_ID_ENABLED": True,
            "MESSAGE_ID_FQDN": "vendor.test",
            "TEMPLATE_ENGINE": "once",
        },
    )  # fmt: skip
    django.setup()
    logging.getLogger("post_office").setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)


async def _main(given: dict[str, Any], answers: TextIO) -> None:
    await sync_to_async(_configure)(given)
    from post_office import mail  # noqa: PLC0415 - only once Django is configured
    from post_office.models import EmailTemplate  # noqa: PLC0415

    words = read_words(given["words"])

    def template() -> EmailTemplate:
        return EmailTemplate.objects.get_or_create(
            name="thank-you",
            defaults={"subject": words["subject"], "content": words["text"], "html_content": words["html"]},
        )[0]

    def prepare(count: int) -> int:
        known = template()
        asked = [
            {
                "recipients": [person["email"]],
                "sender": words["sender"],
                "template": known,
                "context": person,
                "headers": {"List-Unsubscribe": f"<{person['unsubscribe']}>"},
                "render_on_delivery": True,
            }
            for person in words["people"][:count]
        ]
        return len(mail.send_many(asked))

    def send(count: int) -> int:
        return mail.send_queued(processes=1)[0]

    await serve(answers, prepare=sync_to_async(prepare), send=sync_to_async(send))


if __name__ == "__main__":
    run(_main)
