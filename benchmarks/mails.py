"""Prints how well whole mails are read: new words, reports, machines, false alarms, speed.

    python -m benchmarks.mails

The mails are those of tests/mail/reading: strangers.py, oddities.py, reports.py and machines.py. For false
alarms the replies of training/ are sent by the clients of clients.py; none is a report or a machine's.
"""

import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

from cadence.core.replies import BOUNCES, Category, Verdict
from cadence.mail import classify as classifying
from cadence.mail.classify import classify
from cadence.mail.intent import Judgement
from cadence.mail.parse import parse
from tests.mail.reading.clients import CLIENTS
from tests.mail.reading.machines import MACHINES
from tests.mail.reading.oddities import ODDITIES
from tests.mail.reading.reports import ORDINARY, REPORTS, ordinary
from tests.mail.reading.strangers import samples

ROOT = Path(__file__).parents[1]
ROUNDS = 3


def quotes() -> str:
    """The new words, to the letter but for white space, by client and by language."""
    by_client: dict[str, list[bool]] = defaultdict(list)
    by_language: dict[str, list[bool]] = defaultdict(list)
    for sample in samples():
        right = classify(parse(sample.raw)).text.split() == sample.words.split()
        by_client[sample.client].append(right)
        by_language[sample.language].append(right)
    everything = list(itertools.chain.from_iterable(by_language.values()))
    odd = [classify(parse(odd.raw)).text.split() == odd.words.split() for odd in ODDITIES]
    sums = [("new words, all", everything), ("new words, rarer clients", odd)]
    rows = [*sums, *sorted(by_client.items()), *sorted(by_language.items())]
    return "\n".join(_row(name, found) for name, found in rows)


def reports() -> str:
    """What a report says: who failed, for good or for now, through whose fault."""
    verdicts = [(report, classify(parse(report.raw))) for report in REPORTS]
    named = [
        bool(v.bounce and r.recipient in (v.bounce.recipient, *v.bounce.recipients)) for r, v in verdicts
    ]
    kind = [v.category is r.category for r, v in verdicts]
    fault = [bool(v.bounce) and v.bounce.sender_fault is r.sender_fault for r, v in verdicts]
    rows = (("reports: recipient", named), ("reports: hard or soft", kind), ("reports: whose fault", fault))
    return "\n".join(_row(name, found) for name, found in rows)


def machines() -> str:
    """Automatic mail told from people's, and which kind it is."""
    verdicts = [(machine, classify(parse(machine.raw))) for machine in MACHINES]
    told = [v.automatic is (m.category is not None) for m, v in verdicts]
    kind = [v.category is m.category for m, v in verdicts if m.category]
    return f"{_row('machine or person', told)}\n{_row('machines: which kind', kind)}"


def false_alarms() -> str:
    """Ordinary mail that is taken for a report of failed delivery, or for a machine's at all."""
    verdicts = [_without_model(raw) for raw in _ordinary()]
    bounces = sum(verdict.category in BOUNCES for verdict in verdicts)
    machines = sum(verdict.automatic for verdict in verdicts) - bounces
    return "\n".join(
        f"{name:26}{taken:5} of {len(verdicts)} ordinary mails"
        for name, taken in (("taken for a bounce", bounces), ("taken for a machine's", machines))
    )


def _ordinary() -> Iterator[bytes]:
    yield from (ordinary(subject, words) for subject, words in ORDINARY)
    clients = itertools.cycle(CLIENTS.values())
    for path in sorted((ROOT / "training" / "replies").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield next(clients)(row["text"], row.get("language") or "en")


def _without_model(raw: bytes) -> Verdict:
    """Read a mail without asking what a person's words mean."""
    unknown = Judgement(Category.OTHER, 0.0)
    with patch.object(classifying, "judge", lambda text, language: unknown):
        return classify(parse(raw))


def speed() -> str:
    """Whole mails a second on one core, from bytes to verdict."""
    raws = [*(s.raw for s in samples()), *(r.raw for r in REPORTS), *(m.raw for m in MACHINES)]
    size = sum(map(len, raws)) / len(raws) / 1_000
    plain, full = _rate(raws, _without_model), _rate(raws, lambda raw: classify(parse(raw)))
    return f"mails a second and core, {size:.1f} kB each: {plain:.0f} without the model, {full:.0f} with it"


def _rate(raws: Sequence[bytes], work: Callable[[bytes], Verdict]) -> float:
    """The best of a few rounds, in processor time: others may be at work on the machine."""
    work(raws[0])
    return len(raws) / min(_seconds(raws, work) for _ in range(ROUNDS))


def _seconds(raws: Sequence[bytes], work: Callable[[bytes], Verdict]) -> float:
    began = time.process_time()
    for raw in raws:
        work(raw)
    return time.process_time() - began


def _row(name: str, found: Iterable[bool]) -> str:
    known = list(found)
    return f"{name:26}{sum(known):5} of {len(known):<5}{sum(known) / len(known):7.1%}"


def main() -> None:
    """Print every table."""
    for table in (quotes, reports, machines, false_alarms, speed):
        print(table() + "\n")


if __name__ == "__main__":
    main()
