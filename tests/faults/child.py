"""The sending process that is killed: `python -m tests.faults.child` waits for orders on its input.

For each order, one line of JSON, it forks a process that is the real worker on the real database and the
real mail server, and nothing less; only Cadence's imports are done before. It answers with two lines: the
process's id, and how it ended. In between the process itself tells where it is about to kill itself.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cadence.core.model import Mailbox
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.smtp import SmtpSender
from cadence.service import sending, upkeep
from cadence.worker.loops import Loops
from cadence.worker.queue import QueueWorker, redis_settings
from cadence.worker.rhythm import Rhythm
from tests.faults.quiet import QuietInbox
from tests.faults.site import opened
from tests.faults.steps import stepped

_ANSWERS = 3
"""Where answers are written, since log lines go to the output."""

QUICK = Rhythm(tick=0.02, upkeep=0.02, reading_ends=1.0, sending_ends=5.0)


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is to do.

    shift: seconds its clock is ahead of the real one; die_at: at which step of its sending (or, with
    work="look_after", of its upkeep) it kills itself, None: never; when: "suspend" or "resume", see
    steps.py; redis: the queue's address, None: the embedded loops; batch: mails it claims at once.
    """

    url: str
    process: str
    shift: float
    die_at: int | None = None
    when: str = "suspend"
    work: str = "send_due"
    redis: str | None = None
    batch: int = 20


class Servers:
    """The real way out, and a mailbox without news."""

    def sender(self, mailbox: Mailbox, password: str) -> SmtpSender:
        endpoint = Endpoint.parse(mailbox.smtp, kind="smtp")
        return SmtpSender(endpoint, Credentials(mailbox.username, password), timeout=10.0)

    def inbox(self, mailbox: Mailbox, password: str) -> QuietInbox:
        return QuietInbox()


class Doom:
    """Ends this process at a step of the sending, as a power cut would."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._steps = 0

    def hook(self, moment: str, where: str) -> None:
        if moment != self._order.when:
            return
        self._steps += 1
        if self._steps == self._order.die_at:
            tell({"died": where, "step": self._steps})
            os.kill(os.getpid(), signal.SIGKILL)

    def set(self) -> None:
        """Make every wait of the work a failpoint."""
        module: Any = {"send_due": sending, "look_after": upkeep}[self._order.work]
        work = getattr(module, self._order.work)

        async def watched(*args: Any, **more: Any) -> Any:
            return await stepped(work(*args, **more), self.hook)

        setattr(module, self._order.work, watched)


async def work(order: Order) -> None:
    """Be a worker until SIGTERM."""
    Doom(order).set()
    ahead = timedelta(seconds=order.shift)
    async with opened(
        order.url, Servers(), lambda: datetime.now(UTC) + ahead, process=order.process, batch=order.batch
    ) as app:
        worker: Loops | QueueWorker
        if order.redis is None:
            worker = Loops(app, poll=3600, rhythm=QUICK)
        else:
            worker = QueueWorker(app, redis_settings(order.redis))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
        await worker.run()


def tell(said: dict[str, Any]) -> None:
    os.write(_ANSWERS, json.dumps(said).encode() + b"\n")


def serve() -> None:
    """Fork a process for each order until the input ends."""
    os.dup2(1, _ANSWERS)
    os.dup2(2, 1)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(work(Order(**json.loads(line))))
            os._exit(0)
        tell({"pid": pid})
        tell({"ended": os.waitpid(pid, 0)[1]})


def order_line(order: Order) -> bytes:
    """An order as it is sent to this program."""
    return json.dumps(asdict(order)).encode() + b"\n"


if __name__ == "__main__":
    serve()
