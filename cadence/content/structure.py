"""Finds what is wrong with a sequence as a whole: steps that collide, contradict themselves or are
never reached.
"""

from datetime import timedelta
from itertools import pairwise

from cadence.content.findings import Report
from cadence.content.reader import SequenceFile
from cadence.core.sequence import SHORTEST_REPEAT, Duration, Step, Thread, Unit

_LEAST_DAYS = {Unit.DAYS: 1, Unit.BUSINESS_DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28, Unit.YEARS: 365}
_MOST_DAYS = {Unit.DAYS: 1, Unit.BUSINESS_DAYS: 4, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.YEARS: 366}
_CLOCK = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


def check_structure(file: SequenceFile, report: Report) -> None:
    """Report every fault that shows only when the steps are seen together."""
    path, line = file.document.path, file.document.line
    if "step" in file.document.values and not file.document.values["step"]:
        report.error(path, line("step"), "a sequence needs at least one [[step]]")
    if file.sequence.ends.amount == 0:
        report.error(path, line("ends"), "the sequence ends before it begins")
    _check_names(file, report)
    for step in file.sequence.steps:
        _check_form(file, step, report)
        _check_spared(file, step, report)
        _check_interval(file, step, report)
        _check_subject(file, step, report)
    if file.sequence.steps and not file.sequence.chain:
        report.error(path, line("step", 0), "no step has only `after`, so nothing would ever be sent first")
    _check_reach(file, report)
    _check_threads(file, report)


def least(duration: Duration) -> timedelta:
    """The shortest time a duration can last."""
    if duration.unit in _CLOCK:
        return duration.amount * _CLOCK[duration.unit]
    days = duration.amount * _LEAST_DAYS[duration.unit]
    if duration.unit is Unit.BUSINESS_DAYS:
        days += 2 * (duration.amount // 5)  # any five working days in a row hold a weekend
    return timedelta(days=days)


def most(duration: Duration) -> timedelta:
    """The longest time a duration can last, holidays included."""
    if duration.unit in _CLOCK:
        return duration.amount * _CLOCK[duration.unit]
    return timedelta(days=duration.amount * _MOST_DAYS[duration.unit])


def _check_names(file: SequenceFile, report: Report) -> None:
    seen: dict[str, int] = {}
    for step in file.sequence.steps:
        line = file.line(step, "name")
        if step.name in seen:
            report.error(
                file.document.path,
                line,
                f'two steps are named "{step.name}"; the other is at line {seen[step.name]}',
            )
        seen.setdefault(step.name, line)


def _check_form(file: SequenceFile, step: Step, report: Report) -> None:
    def wrong(key: str, message: str) -> None:
        report.error(file.document.path, file.line(step, key), message)

    if step.at and step.on:
        wrong("on", f'step "{step.name}" has two forms: `at` a date, and `on` a reply; keep one')
    elif step.at and step.after:
        wrong("after", f'step "{step.name}" has two forms: `at` a date, and `after` another step; keep one')
    elif not step.at and not step.after and not _was_written(file, step, "after", "at"):
        after = "the reply" if step.on else "the loss of the deal, or from the step before it"
        wrong("name", f'step "{step.name}" does not say when: add `after = "…"`, counted from {after}')
    if step.at and step.at.field == "deal.lost_at" and step.at.sign < 0 and step.at.offset.amount:
        wrong("at", f'step "{step.name}" is never sent: nobody is enrolled before the deal is lost')
    if step.repeat and (step.at or step.on):
        wrong("repeat", f'step "{step.name}" cannot repeat: only a step of the chain does')
    if step.times and not step.repeat:
        wrong("times", f'step "{step.name}" has `times` without `repeat`')
    if step.within and step.after and most(step.within) < least(step.after):
        wrong(
            "within",
            f'step "{step.name}" is never sent: it is due after {step.after}, but only within {step.within}',
        )


def _check_spared(file: SequenceFile, step: Step, report: Report) -> None:
    if step.unless_sent is None:
        return
    if not step.on:
        message = f'step "{step.name}" is no branch; only one `on` a reply takes `unless_sent`'
    elif all(step.unless_sent != other.name for other in file.sequence.chain):
        message = f'no step of the chain is named "{step.unless_sent}"'
    else:
        return
    report.error(file.document.path, file.line(step, "unless_sent"), message)


def _was_written(file: SequenceFile, step: Step, *keys: str) -> bool:
    """Tell whether a key stands there whose value could not be read; that was reported already."""
    return any(file.line(step, key) != file.line(step) for key in keys)


def _check_interval(file: SequenceFile, step: Step, report: Report) -> None:
    if step.repeat and least(step.repeat) < SHORTEST_REPEAT:
        report.error(
            file.document.path,
            file.line(step, "repeat"),
            f'"{step.repeat}" is too often; leave at least {SHORTEST_REPEAT.days} days in between',
        )


def _check_subject(file: SequenceFile, step: Step, report: Report) -> None:
    needs_one = step.thread is Thread.NEW and not step.pool
    if step.subject is None and needs_one and not _was_written(file, step, "subject"):
        report.error(
            file.document.path,
            file.line(step),
            f'step "{step.name}" needs a `subject` (or `thread = "reply"`, to take that of its conversation)',
        )


def _check_reach(file: SequenceFile, report: Report) -> None:
    """A step is out of reach behind one that repeats for ever, or when its turn comes after the end."""
    path, chain, ends = file.document.path, file.sequence.chain, most(file.sequence.ends)
    for earlier, step in pairwise(chain):
        if earlier.repeat and not earlier.times:
            report.error(
                path,
                file.line(step),
                f'step "{step.name}" is never reached: "{earlier.name}" before it repeats until the sequence '
                "ends; give that one `times`, or move this one up",
            )
            break
    elapsed = timedelta()
    for step in chain:
        elapsed += least(step.after) if step.after else timedelta()
        if elapsed > ends:
            report.error(
                path,
                file.line(step),
                f'step "{step.name}" is never reached: its turn comes after {elapsed.days} days or more, '
                f"and the sequence ends after {file.sequence.ends}",
            )
            break
        if step.repeat and step.times:
            elapsed += least(step.repeat) * (step.times - 1)


def _check_threads(file: SequenceFile, report: Report) -> None:
    chain = file.sequence.chain
    for index, step in enumerate(chain):
        if step.thread is Thread.REPLY and not any(s.sender is step.sender for s in chain[:index]):
            report.warning(
                file.document.path,
                file.line(step, "thread"),
                f'step "{step.name}" replies, but no step before it is from the {step.sender}',
            )
