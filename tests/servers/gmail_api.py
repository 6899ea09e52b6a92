"""A small Gmail API over real HTTP, from developers.google.com/workspace/gmail/api/reference/rest."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.mail_api import Mail, MailApi, objects
from tests.servers.web import Reply, Request


@dataclass
class Labelled(Mail):
    labels: set[str] = field(default_factory=set)


@dataclass
class GmailApi(MailApi):
    """page: entries of one answer; forgets: history up to this id is gone."""

    page: int = 3
    forgets: int = 0
    mails: list[Labelled] = field(default_factory=list)

    kind = "gmail"

    def deliver(self, raw: bytes, *labels: str) -> None:
        """A mail arrives."""
        at = self.next() * 7  # with gaps
        self.mails.append(Labelled(f"{0x19A0000000 + at:x}", raw, at, set(labels or ("INBOX", "UNREAD"))))

    def in_sent(self) -> list[Labelled]:
        return [mail for mail in self.mails if "SENT" in mail.labels]

    @property
    def history_id(self) -> int:
        return max([self.forgets, *(mail.at for mail in self.mails)], default=1) or 1

    def refusal(self, status: int, reason: str, text: str, **headers: str) -> Reply:
        fault = {"code": status, "message": text, "errors": [{"reason": reason, "message": text}]}
        return Reply.of({"error": fault}, status, **headers)

    def answer(self, request: Request) -> Reply:
        what = request.path.rpartition(f"/users/{self.address}/")[2]
        if request.method == "POST":
            return self._send(request)
        match what.split("/"):
            case ["profile"]:
                return Reply.of({"emailAddress": self.address, "historyId": str(self.history_id)})
            case ["history"]:
                return self._history(request.query)
            case ["messages"]:
                return self._list(request.query)
            case ["messages", name]:
                return self._get(name, request.query)
        return self.refusal(404, "notFound", "Not Found")

    def _send(self, request: Request) -> Reply:
        assert request.path == f"/upload/gmail/v1/users/{self.address}/messages/send"
        assert (request.query["uploadType"], request.headers["content-type"]) == ("media", "message/rfc822")
        self.taken.append(request.body)
        to_oneself = (
            f"<{self.address}>".encode() in request.body.partition(b"\r\nTo: ")[2].partition(b"\r\n")[0]
        )
        labels = {"SENT"} | ({"INBOX", "UNREAD"} if to_oneself else set())
        self.deliver(self.renamed(request.body) if self.renames else request.body, *labels)
        name = self.mails[-1].name
        return Reply.of({"id": name, "threadId": name, "labelIds": sorted(labels)})

    def _history(self, query: dict[str, str]) -> Reply:
        assert query["historyTypes"] == "messageAdded"
        since = int(query["startHistoryId"])
        if since < self.forgets:
            return self.refusal(404, "notFound", "Requested entity was not found.")
        new = [mail for mail in self.mails if mail.at > since]
        records = [
            {"id": str(mail.at), "messages": [_short(mail)], "messagesAdded": [{"message": _short(mail)}]}
            for mail in new
        ]
        found, more = objects(records, int(query.get("pageToken", 0)), self.page)
        answer: dict[str, Any] = {"historyId": str(self.history_id)} | ({"history": found} if found else {})
        return Reply.of(answer | ({"nextPageToken": str(more)} if more else {}))

    def _list(self, query: dict[str, str]) -> Reply:
        found = [mail for mail in self.mails if _is_found(mail, query["q"])][::-1]
        entries = [{"id": mail.name, "threadId": mail.name} for mail in found]
        size = min(self.page, int(query["maxResults"]))
        page, more = objects(entries, int(query.get("pageToken", 0)), size)
        answer: dict[str, Any] = {"resultSizeEstimate": len(found)} | ({"messages": page} if page else {})
        return Reply.of(answer | ({"nextPageToken": str(more)} if more else {}))

    def _get(self, name: str, query: dict[str, str]) -> Reply:
        mail = next((mail for mail in self.mails if mail.name == name), None)
        if mail is None:
            return self.refusal(404, "notFound", "Requested entity was not found.")
        if query["format"] == "raw":
            return Reply.of({"raw": urlsafe_b64encode(mail.raw).decode()})
        headers = [{"name": k.title(), "value": v} for k, v in mail.read.headers.fields]
        return Reply.of({"sizeEstimate": len(mail.raw), "payload": {"headers": headers}})


def _short(mail: Labelled) -> dict[str, Any]:
    return {"id": mail.name, "threadId": mail.name, "labelIds": sorted(mail.labels)}


def _is_found(mail: Labelled, query: str) -> bool:
    for word in query.replace("-(in:sent -in:inbox)", "-only:sent").split():
        match word.partition(":")[::2]:
            case "in", "sent":
                fits = "SENT" in mail.labels
            case "-in", label:
                fits = label.upper().removesuffix("S") not in mail.labels
            case "-only", _:
                fits = "SENT" not in mail.labels or "INBOX" in mail.labels
            case "after", seconds:
                fits = mail.date >= datetime.fromtimestamp(int(seconds), UTC)
            case "rfc822msgid", message_id:
                fits = mail.message_id == f"<{message_id}>"
            case _:
                raise AssertionError(word)
        if not fits:
            return False
    return True
