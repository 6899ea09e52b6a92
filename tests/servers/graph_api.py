"""A small Microsoft Graph over real HTTP, from learn.microsoft.com/graph/api."""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cadence.mail.originals import FIELD
from tests.servers.mail_api import Mail, MailApi, objects
from tests.servers.web import Reply, Request

ORIGINAL = f"String {{00020386-0000-0000-C000-000000000046}} Name {FIELD}"


@dataclass
class Filed(Mail):
    folder: str = "inbox"


@dataclass
class GraphApi(MailApi):
    """page: entries of one answer; forgets: delta links up to this one are gone; strips: fields that Exchange
    has no use for are dropped from what is sent.
    """

    page: int = 3
    forgets: int = 0
    strips: bool = False
    mails: list[Filed] = field(default_factory=list)

    kind = "graph"

    def deliver(self, raw: bytes, folder: str = "inbox") -> None:
        """A mail arrives."""
        at = self.next()
        self.mails.append(Filed(f"AAMk{at}=", raw, at, folder))

    def in_sent(self) -> list[Filed]:
        return [mail for mail in self.mails if mail.folder == "sentitems"]

    def refusal(self, status: int, reason: str, text: str, **headers: str) -> Reply:
        return Reply.of({"error": {"code": reason, "message": text}}, status, **headers)

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 - as many as there are questions
        what = request.path.removeprefix(f"/v1.0/users/{self.address}/")
        if request.method == "POST":
            return self._send(what, request)
        assert 'IdType="ImmutableId"' in request.headers["prefer"]
        match what.split("/"):
            case ["mailFolders", "inbox"]:
                return Reply.of({"id": "inbox"})
            case ["mailFolders", folder, "messages", "delta"]:
                return self._delta(folder, request)
            case ["mailFolders", folder, "messages"]:
                return self._list(folder, request)
            case ["messages", name]:
                return self._get(name)
            case ["messages", name, "$value"]:
                found = self._named(name)
                return Reply(200, found.raw) if found else self._gone()
        return self._gone()

    def _send(self, what: str, request: Request) -> Reply:
        assert (what, request.headers["content-type"]) == ("sendMail", "text/plain")
        raw = b64decode(request.body, validate=True)
        self.taken.append(raw)
        raw = self.renamed(raw) if self.renames else raw
        raw = re.sub(rb"(?m)^X-[^\r]*\r\n", b"", raw) if self.strips else raw
        self.deliver(raw, "sentitems")
        if f"<{self.address}>".encode() in raw.partition(b"\r\nTo: ")[2].partition(b"\r\n")[0]:
            self.deliver(raw)
        return Reply(202)

    def _delta(self, folder: str, request: Request) -> Reply:
        query = request.query
        if "$deltatoken" in query:
            since = int(query["$deltatoken"])
            if since < self.forgets:
                return self.refusal(410, "syncStateNotFound", "The sync state generation is not found.")
            found = [mail for mail in self.mails if mail.folder == folder and mail.at > since]
        else:
            assert (query["changeType"], query["$select"]) == ("created", "id")
            found = self._filtered(folder, query["$filter"])
        base = f"http://localhost:{self.port}{request.path}"
        page, more = objects(
            [{"id": mail.name} for mail in found], int(query.get("$skiptoken", 0)), self.page
        )
        if more:
            kept = f"$deltatoken={query['$deltatoken']}&" if "$deltatoken" in query else "changeType=created&"
            kept += (
                ""
                if "$deltatoken" in query
                else f"$select=id&$filter={query['$filter'].replace(' ', '%20')}&"
            )
            return Reply.of({"value": page, "@odata.nextLink": f"{base}?{kept}$skiptoken={more}"})
        return Reply.of({"value": page, "@odata.deltaLink": f"{base}?$deltatoken={self.count}"})

    def _list(self, folder: str, request: Request) -> Reply:
        found = self._filtered(folder, request.query["$filter"])
        start = int(request.query.get("$skip", 0))
        page, more = objects([{"id": mail.name} for mail in found], start, self.page)
        answer: dict[str, Any] = {"value": page}
        if more:
            kept = request.query["$filter"].replace(" ", "%20")
            answer["@odata.nextLink"] = (
                f"http://localhost:{self.port}{request.path}?$filter={kept}&$skip={more}"
            )
        return Reply.of(answer)

    def _filtered(self, folder: str, wanted: str) -> list[Filed]:
        inside = [mail for mail in self.mails if mail.folder == folder]
        if found := re.fullmatch(r"receivedDateTime ge (\S+)", wanted):
            since = datetime.fromisoformat(found[1])
            return [mail for mail in inside if mail.date >= since]
        if found := re.fullmatch(r"internetMessageId eq '(.*)'", wanted):
            return [mail for mail in inside if mail.message_id == found[1]]
        found = re.fullmatch(
            r"singleValueExtendedProperties/Any\(ep: ep/id eq '(.*)' and ep/value eq '(.*)'\)", wanted
        )
        assert found
        assert found[1] == ORIGINAL
        return [mail for mail in inside if mail.read.headers.get(FIELD) == found[2]]

    def _get(self, name: str) -> Reply:
        mail = self._named(name)
        if mail is None:
            return self._gone()
        read = mail.read
        people = {
            key: [{"emailAddress": {"name": one.name, "address": one.email}} for one in many]
            for key, many in (("toRecipients", read.to), ("ccRecipients", read.cc))
        }
        sender = {"emailAddress": {"address": read.sender.email if read.sender else ""}}
        extended = [{"id": "Integer 0xe08", "value": str(len(mail.raw))}]
        if original := read.headers.get(FIELD):
            extended.append({"id": ORIGINAL.lower(), "value": original})
        found: dict[str, Any] = {
            "id": mail.name,
            "internetMessageId": mail.message_id,
            "subject": read.subject,
        }
        found |= {"from": sender, **people, "singleValueExtendedProperties": extended}
        found["sentDateTime"] = mail.date.strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = [{"name": k, "value": v} for k, v in read.headers.fields]
        found["internetMessageHeaders"] = headers if mail.folder != "sentitems" else headers[3:4]
        return Reply.of(found)

    def _named(self, name: str) -> Filed | None:
        return next((mail for mail in self.mails if mail.name == name), None)

    def _gone(self) -> Reply:
        return self.refusal(404, "ErrorItemNotFound", "The specified object was not found in the store.")
