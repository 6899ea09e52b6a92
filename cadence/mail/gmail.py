"""Speaks the Gmail API: a mailbox's history says what is new, a mail leaves as it is (RFC 5322).

After https://developers.google.com/workspace/gmail/api/reference/rest: users.messages, users.history and
users.getProfile, and its guide on synchronizing clients. Permissions: gmail.send, gmail.readonly.
"""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from cadence.mail.api_inbox import Head, PositionLost
from cadence.mail.imap_text import Folder, SpecialUse
from cadence.mail.originals import ids_of
from cadence.mail.parse import parse
from cadence.mail.web_api import Answer, WebApi

PAGE = 500
MOST_PAGES = 200
LOOK_BACK = 100
"""How many of the newest sent mails are looked at for one whose Message-ID was written over."""
SENT = "Sent"
_NO_MAIL = frozenset({"DRAFT", "CHAT"})
_RAW = re.compile(rb'"raw"\s*:\s*"([A-Za-z0-9_-]*)')


class Gmail:
    """A mailbox at Gmail. user: its address; signed in as somebody else, nobody gets into it."""

    folders: Sequence[Folder] = (Folder(SENT, SpecialUse.SENT), Folder("INBOX"))
    """INBOX stands for all that came in, wherever labels and filters put it: the history is one."""

    def __init__(self, api: WebApi, user: str) -> None:
        self._api = api
        self._base = f"/gmail/v1/users/{quote(user, safe='@')}"

    async def check(self) -> None:
        """Ask for the profile."""
        await self._profile()

    async def hand_over(self, raw: bytes) -> Answer:
        """Send a mail, as an upload, so that it may be as large as Gmail takes any (users.messages.send)."""
        path = f"/upload{self._base}/messages/send"
        return await self._api.post(path, raw, "message/rfc822", {"uploadType": "media"})

    async def begin(self, folder: str, since: date | None) -> tuple[list[str], str]:
        """All mails since a day, as Gmail finds them by a search, spam among them."""
        position = str((await self._profile())["historyId"])
        if since is None:
            return [], position
        midnight = datetime.combine(since, time(), UTC)
        what = "in:sent" if folder == SENT else "-in:drafts -in:chats -(in:sent -in:inbox)"
        query = f"{what} after:{int(midnight.timestamp())}"
        found = await self._listed(query)
        return found[::-1], position  # the newest come first

    async def news(self, folder: str, position: str) -> tuple[list[str], str]:
        """What was added since then (users.history.list); raises PositionLost once Gmail has forgotten."""
        names: dict[str, None] = {}
        token, latest = "", position
        for _ in range(MOST_PAGES):
            page = await self._history(position, token)
            for record in _objects(page, "history"):
                for added in _objects(record, "messagesAdded"):
                    message = added.get("message") or {}
                    if _belongs(folder, set(message.get("labelIds") or ())):
                        names[str(message["id"])] = None
            latest, token = str(page.get("historyId") or latest), str(page.get("nextPageToken") or "")
            if not token:
                return list(names), latest
        raise PositionLost(position)

    async def head(self, name: str) -> Head | None:
        """All header fields (format=metadata)."""
        asked = {"format": "metadata", "fields": "sizeEstimate,payload/headers"}
        answer = await self._api.get(f"{self._base}/messages/{quote(name, safe='')}", asked, also=_GONE)
        if answer.status == 404:
            return None
        found = self._api.object(answer)
        fields = _objects(found.get("payload") or {}, "headers")
        lines = (f"{field.get('name')}: {_one_line(field.get('value'))}\r\n" for field in fields)
        return Head(int(found.get("sizeEstimate") or 0), ("".join(lines) + "\r\n").encode())

    async def raw(self, name: str, limit: int) -> bytes | None:
        """The mail as it came (format=raw), in base64url (RFC 4648 §5), which may be cut off anywhere."""
        asked = {"format": "raw", "fields": "raw"}
        most = limit * 4 // 3 + 1_000
        answer = await self._api.get(
            f"{self._base}/messages/{quote(name, safe='')}", asked, limit=most, also=_GONE
        )
        if answer.status == 404:
            return None
        found = _RAW.search(answer.body)
        if found is None:
            raise self._api.odd()
        return base64.urlsafe_b64decode(_whole_groups(found[1], cut=answer.cut))[:limit]

    async def find(self, message_id: str) -> int:
        """Search by Message-ID, and where Gmail wrote another one over it, by the field that repeats ours."""
        if found := await self._listed(f"in:sent rfc822msgid:{message_id.strip('<>')}"):
            return len(found)
        newest = _objects(await self._page("in:sent", LOOK_BACK), "messages")
        heads = [await self.head(str(one["id"])) for one in newest]
        return sum(head is not None and message_id in ids_of(parse(head.raw)) for head in heads)

    async def close(self) -> None:
        """Give the connections back."""
        await self._api.close()

    async def _profile(self) -> dict[str, Any]:
        found = self._api.object(await self._api.get(f"{self._base}/profile"))
        if "historyId" not in found:
            raise self._api.odd()
        return found

    async def _history(self, position: str, token: str) -> dict[str, Any]:
        asked = {"startHistoryId": position, "historyTypes": "messageAdded", "maxResults": str(PAGE)}
        asked |= {"pageToken": token} if token else {}
        answer = await self._api.get(f"{self._base}/history", asked, also=_GONE)
        if answer.status == 404:
            raise PositionLost(position)
        return self._api.object(answer)

    async def _page(self, query: str, most: int, token: str = "") -> dict[str, Any]:
        asked = {"q": query, "maxResults": str(most), "includeSpamTrash": "true"}
        asked |= {"pageToken": token} if token else {}
        return self._api.object(await self._api.get(f"{self._base}/messages", asked))

    async def _listed(self, query: str) -> list[str]:
        names: list[str] = []
        token = ""
        for _ in range(MOST_PAGES):
            page = await self._page(query, PAGE, token)
            names += (str(one["id"]) for one in _objects(page, "messages"))
            token = str(page.get("nextPageToken") or "")
            if not token:
                break
        return names


_GONE = frozenset({404})


def _belongs(folder: str, labels: set[str]) -> bool:
    """Whether a mail is one of a folder; what was sent to oneself is in both."""
    if folder == SENT:
        return "SENT" in labels
    return not labels & _NO_MAIL and ("SENT" not in labels or "INBOX" in labels)


def _whole_groups(coded: bytes, *, cut: bool) -> bytes:
    """Base64 that can be read: padded, or where its end is missing without what that left in pieces."""
    return coded[: len(coded) // 4 * 4] if cut else coded + b"=" * (-len(coded) % 4)


def _objects(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    many = found.get(name)
    return [one for one in many if isinstance(one, dict)] if isinstance(many, list) else []


def _one_line(value: object) -> str:
    return " ".join(str(value or "").splitlines())
