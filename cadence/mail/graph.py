"""Speaks Microsoft Graph: a delta query on each folder says what is new, a mail leaves as MIME.

After https://learn.microsoft.com/graph/api: user-sendmail, message-delta, user-list-messages, message-get,
singlevaluelegacyextendedproperty-get, and https://learn.microsoft.com/graph/outlook-immutable-id.
Permissions: Mail.Send, Mail.Read.
"""

import base64
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from cadence.core.errors import MailboxError
from cadence.mail.api_inbox import Head, PositionLost
from cadence.mail.headers import read_date
from cadence.mail.imap_text import Folder, SpecialUse
from cadence.mail.originals import FIELD
from cadence.mail.web_api import Answer, Parameters, WebApi

PAGE = 200
MOST_PAGES = 1_000
_FOLDERS = {"Sent Items": "sentitems", "INBOX": "inbox", "Junk Email": "junkemail"}
"""The folders by the names that every mailbox knows, in whatever language it shows them."""
_STEADY = 'IdType="ImmutableId"'
"""A mail keeps its name where a rule, or its reader, moves it."""
_HEADERS = {"Prefer": _STEADY}
_PAGES = {"Prefer": f"{_STEADY}, odata.maxpagesize={PAGE}"}
_ORIGINAL = f"String {{00020386-0000-0000-C000-000000000046}} Name {FIELD}"
"""How Exchange keeps a header field that it has no use for (MS-OXCMAIL §2.2.3.2.29)."""
_SIZE = "Integer 0x0E08"
_FIELDS = "internetMessageHeaders,internetMessageId,from,toRecipients,ccRecipients,subject,sentDateTime"
_GONE = frozenset({404})
_LOST = frozenset({400, 404, 410})
_LOST_REASONS = ("syncstate", "resync", "token")


class Graph:
    """A mailbox at Microsoft 365. user: its user principal name; nobody else gets into it."""

    folders: Sequence[Folder] = (
        Folder("Sent Items", SpecialUse.SENT),
        Folder("INBOX"),
        Folder("Junk Email", SpecialUse.JUNK),
    )

    def __init__(self, api: WebApi, user: str) -> None:
        self._api = api
        self._base = f"/v1.0/users/{quote(user, safe='@')}"

    async def check(self) -> None:
        """Ask for the inbox."""
        self._api.object(await self._inbox())

    async def hand_over(self, raw: bytes) -> Answer:
        """Send a mail as MIME in base64; Exchange answers without a name for it, and files it by itself."""
        return await self._api.post(f"{self._base}/sendMail", base64.b64encode(raw), "text/plain")

    async def begin(self, folder: str, since: date | None) -> tuple[list[str], str]:
        """All mails since a day. A first delta query gives no more than 5,000, so they are listed besides."""
        if since is None:
            return [], (await self._changes(self._delta(folder), self._of(await self._yesterday())))[1]
        _, position = await self._changes(self._delta(folder), self._of(since))
        path = f"{self._base}/mailFolders/{_FOLDERS[folder]}/messages"
        asked = {"$filter": f"receivedDateTime ge {since}T00:00:00Z", "$orderby": "receivedDateTime asc"}
        found, _ = await self._round(path, asked | {"$select": "id", "$top": str(PAGE)})
        return found, position

    async def news(self, folder: str, position: str) -> tuple[list[str], str]:
        """What came since then; raises PositionLost once Graph has forgotten (410 Gone)."""
        return await self._changes(position)

    async def head(self, name: str) -> Head | None:
        """The header fields as they came; a copy of what was sent has few or none: its facts stand in."""
        expand = f"singleValueExtendedProperties($filter=id eq '{_ORIGINAL}' or id eq '{_SIZE}')"
        asked: Parameters = {"$select": _FIELDS, "$expand": expand}
        answer = await self._api.get(
            f"{self._base}/messages/{quote(name, safe='')}", asked, _HEADERS, also=_GONE
        )
        if answer.status == 404:
            return None
        found = self._api.object(answer)
        original, size = _extended(found)
        fields = [(one.get("name"), one.get("value")) for one in _objects(found, "internetMessageHeaders")]
        known = {str(name).casefold() for name, _ in fields}
        fields += [fact for fact in (*_facts(found), (FIELD, original)) if fact[0].casefold() not in known]
        lines = (f"{name}: {_one_line(value)}\r\n" for name, value in fields if value)
        return Head(int(size) if size.isdecimal() else 0, ("".join(lines) + "\r\n").encode())

    async def raw(self, name: str, limit: int) -> bytes | None:
        """The mail as MIME."""
        path = f"{self._base}/messages/{quote(name, safe='')}/$value"
        answer = await self._api.get(path, None, _HEADERS, limit=limit, also=_GONE)
        if "html" in answer.headers.get("Content-Type", ""):
            raise self._api.odd()
        return None if answer.status == 404 else answer.body

    async def find(self, message_id: str) -> int:
        """Search by Message-ID, and then by the field that repeats it: Exchange may write another one."""
        path = f"{self._base}/mailFolders/sentitems/messages"
        own = message_id.replace("'", "''")
        property_ = f"ep/id eq '{_ORIGINAL}' and ep/value eq '{own}'"
        for way in (f"internetMessageId eq '{own}'", f"singleValueExtendedProperties/Any(ep: {property_})"):
            asked: Parameters = {"$filter": way, "$select": "id", "$top": str(PAGE)}
            if found := (await self._round(path, asked))[0]:
                return len(found)
        return 0

    async def close(self) -> None:
        """Give the connections back."""
        await self._api.close()

    def _delta(self, folder: str) -> str:
        return f"{self._base}/mailFolders/{_FOLDERS[folder]}/messages/delta"

    def _of(self, since: date) -> Parameters:
        return {
            "changeType": "created",
            "$select": "id",
            "$filter": f"receivedDateTime ge {since}T00:00:00Z",
        }

    async def _yesterday(self) -> date:
        """By the server's clock (RFC 9110 §6.6.1), so that no other matters."""
        now = read_date((await self._inbox()).headers.get("Date", ""))
        if now is None:
            raise MailboxError(f"{self._api.endpoint}: it does not date its answers", temporary=True)
        return (now - timedelta(days=1)).date()

    async def _inbox(self) -> Answer:
        return await self._api.get(f"{self._base}/mailFolders/inbox", {"$select": "id"}, _HEADERS)

    async def _changes(self, where: str, asked: Parameters | None = None) -> tuple[list[str], str]:
        """Every page of a delta query."""
        names, position = await self._round(where, asked)
        if not position:
            raise self._api.odd()
        return names, position

    async def _round(self, where: str, asked: Parameters | None = None) -> tuple[list[str], str]:
        """Every page of an answer: the mails in it, and of a delta query where to ask for what comes next."""
        names: dict[str, None] = {}
        for _ in range(MOST_PAGES):
            answer = await self._api.get(where, asked, _PAGES, also=_LOST)
            if answer.status in _LOST:
                raise self._lost(answer)
            page = self._api.object(answer)
            for one in _objects(page, "value"):
                if "@removed" not in one:
                    names[str(one["id"])] = None
            where, asked = str(page.get("@odata.nextLink") or ""), None
            if not where:
                return list(names), str(page.get("@odata.deltaLink") or "")
        raise PositionLost("it does not end")

    def _lost(self, answer: Answer) -> Exception:
        reason, text = answer.fault
        if answer.status == 410 or any(word in reason.casefold() for word in _LOST_REASONS):
            return PositionLost(reason)
        said = " ".join(part for part in (f"HTTP {answer.status}", reason, text) if part)
        return MailboxError(f"{self._api.endpoint}: {said}", temporary=False)


def _extended(found: dict[str, Any]) -> tuple[str, str]:
    """Our field, and the size: of the two that were asked for only the first has a name."""
    kept = {
        "name" in str(one.get("id")).casefold(): str(one.get("value") or "")
        for one in _objects(found, "singleValueExtendedProperties")
    }
    return kept.get(True, ""), kept.get(False, "")


def _facts(found: dict[str, Any]) -> list[tuple[str, object]]:
    """A mail's fields as Graph knows them, in the words of RFC 5322."""
    return [
        ("Message-ID", found.get("internetMessageId")),
        ("From", _addresses([found.get("from")])),
        ("To", _addresses(found.get("toRecipients"))),
        ("Cc", _addresses(found.get("ccRecipients"))),
        ("Subject", found.get("subject")),
        ("Date", _date(str(found.get("sentDateTime") or ""))),
    ]


def _date(stamp: str) -> str:
    try:
        return format_datetime(datetime.fromisoformat(stamp))
    except ValueError:
        return ""


def _addresses(people: object) -> str:
    many = people if isinstance(people, list) else []
    found = ((one or {}).get("emailAddress") or {} for one in many)
    return ", ".join(f"<{one['address']}>" for one in found if one.get("address"))


def _objects(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    many = found.get(name)
    return [one for one in many if isinstance(one, dict)] if isinstance(many, list) else []


def _one_line(value: object) -> str:
    return " ".join(str(value or "").splitlines())
