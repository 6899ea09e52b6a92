"""How fast mail leaves, beside other ways to send the same mail: `python -m benchmarks.sending`.

All contenders write to the same sink, in rounds: each round lets every one of them send, in turns, so
that what else the machine does hits all alike. What counts are medians, and ratios within a round.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import outcome, picture
from benchmarks.installation import COMPANY, PUBLIC_URL, SEQUENCE, TEMPLATES, address_of
from benchmarks.line_up import Contender, Servers, databases, line_up
from benchmarks.sink import sink
from cadence.content.catalogue import load, read_snapshot

_NAME, _ADDRESS, _LINK = "Placeholderfirstname", "placeholder@address.example", f"{PUBLIC_URL}/u/placeholder"
_BYTES_OF_HEADERS = 900


@dataclass(frozen=True)
class Measured:
    """One contender in one round."""

    rate: float
    cpu_ms: float
    peak_mb: float


def words(most: int) -> dict[str, Any]:
    """Our first mail as plain templates, `{{ name }}` where it names its reader, and people to write to."""
    context: dict[str, dict[str, object]] = {
        "prospect": {"first_name": _NAME, "last_name": None, "name": _NAME, "email": _ADDRESS},
        "deal": {"product": "the Standard plan", "competitor": "Another Vendor"},
        "sender": {"name": "Robin Rep", "title": "Sales"},
        "company": {"name": COMPANY.name, "postal_address": COMPANY.postal_address},
        "links": {"unsubscribe": _LINK},
    }
    content = load(read_snapshot(TEMPLATES, SEQUENCE), SEQUENCE)
    mail = content.render("thank-you", context)
    blanks = ((_NAME, "{{ first_name }}"), (_ADDRESS, "{{ email }}"), (_LINK, "{{ unsubscribe }}"))

    def template(text: str) -> str:
        for placeholder, name in blanks:
            text = text.replace(placeholder, name)
        return text

    people = [
        {"first_name": "Dana", "email": f"dana@c{n}.example", "unsubscribe": f"{PUBLIC_URL}/u/c{n}"}
        for n in range(most)
    ]
    return {
        "sender": f"Robin Rep <{address_of(0)}>",
        "subject": mail.subject,
        "text": template(mail.text),
        "html": template(mail.html),
        "people": people,
    }


def measure(
    mails: int, rounds: int, only: str = ""
) -> tuple[dict[str, Any], list[Contender], list[dict[str, Measured]]]:
    """Let everybody send; gives what they ran on, who took part, and each round by name.

    only: leave out whoever has not these words in the name, but for the limit.
    """
    text = words(mails)
    size = len(text["text"]) + len(text["html"]) + _BYTES_OF_HEADERS
    with (
        tempfile.TemporaryDirectory() as folder,
        sink() as (sink_name, port),
        databases(only) as (postgres, redis),
    ):
        path = Path(folder) / "words.json"
        path.write_text(json.dumps(text), encoding="utf-8")
        servers = Servers(Path(folder), port, path, size, postgres, redis)
        contenders, missing = line_up(servers)
        contenders = [one for one in contenders if one.kind == "limit" or only in one.name]
        try:
            for contender in contenders:
                contender.start()
            for contender in contenders:
                contender.started()
                _round(contender, 20)  # warm: templates compiled, connections open
            found = [
                {one.name: _round(one, round(mails * one.weight)) for one in contenders}
                for _ in range(rounds)
            ]
        finally:
            for contender in contenders:
                contender.stop()
    return {"sink": sink_name, "bytes": size, "missing": missing}, contenders, found


def _round(contender: Contender, count: int) -> Measured:
    contender.prepare(count)
    answers = contender.send(count)
    return Measured(
        rate=count / max(answer["seconds"] for answer in answers),
        cpu_ms=sum(answer["cpu"] for answer in answers) * 1000 / count,
        peak_mb=sum(answer["peak_mb"] for answer in answers),
    )


def report(contenders: list[Contender], rounds: list[dict[str, Measured]]) -> dict[str, Any]:
    """Medians, and the medians of our ratios to the others in the same round."""
    ours = [one.name for one in contenders if one.is_ours]
    rows: dict[str, Any] = {}
    for one in contenders:
        measured = [each[one.name] for each in rounds]
        rows[one.name] = {
            "kind": one.kind,
            "mails_per_second": round(median(each.rate for each in measured), 1),
            "of_each_round": [round(each.rate, 1) for each in measured],
            "cpu_ms_per_mail": round(median(each.cpu_ms for each in measured), 3),
            "peak_mb": round(max(each.peak_mb for each in measured)),
        }
    for name in ours:
        rows[name]["times_as_fast_as"] = {
            other.name: round(median(each[name].rate / each[other.name].rate for each in rounds), 3)
            for other in contenders
            if not other.is_ours
        }
    return rows


def show(rows: dict[str, Any]) -> str:
    """The table that people read."""
    others = [name for name, row in rows.items() if row["kind"] != "ours"]
    ratios_to = (f"× [{number}]" for number in range(1, len(others) + 1))
    heading = ("", "mails/s", "CPU ms/mail", "peak MB", *ratios_to)
    lines = []
    for name, row in rows.items():
        label = f"{name} [{others.index(name) + 1}]" if name in others else name
        ratios = [f"{row['times_as_fast_as'][other]:.2f}" if name not in others else "" for other in others]
        rate, cpu = f"{row['mails_per_second']:,.0f}", f"{row['cpu_ms_per_mail']:.2f}"
        lines.append((label, rate, cpu, str(row["peak_mb"]), *ratios))
    return outcome.table(heading, lines)


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--mails", type=int, help="mails of ours per round (default 200, short 40)")
    options.add_argument("--rounds", type=int, help="how often everybody sends (default 3, short 1)")
    options.add_argument("--only", default="", help="only those whose name has these words, and the limit")
    options.add_argument("--short", action="store_true", help="under 20 seconds: only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    mails, rounds = given.mails or (40 if given.short else 200), given.rounds or (1 if given.short else 3)
    about, contenders, found = measure(mails, rounds, given.only)
    rows = report(contenders, found)
    print(f"sending: {mails} mails of {about['bytes']} bytes, {rounds} rounds, to {about['sink']}")
    print(show(rows))
    for why in about["missing"]:
        print(f"left out: {why}")
    kept = {**about, "mails": mails, "rounds": rounds, "contenders": rows}
    outcome.keep(given.results, "sending", kept, short=given.short)
    bars = [(name, row["mails_per_second"], row["kind"] == "ours") for name, row in rows.items()]
    picture.bars(given.results / "sending.svg", "Mails a second (logarithmic)", bars)


if __name__ == "__main__":
    main()
