"""`cadence trials`: the steps that are written in two ways, what came of each, and what the rule says."""

from typing import Any

from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.intervals import Share
from cadence.service import trials as service
from cadence.service.trials import Shown


@cli.command()
def trials(data: Data = None, as_json: Json = False) -> None:
    """Show the steps that are written in two ways, what came of each way, and what the rule says."""
    found = with_app(service.shown, data=data)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    for one in found:
        out.print(f"{one.sequence}, {one.step}: {one.says}", style="bold", markup=False)
        for variant, share in one.shares.items():
            out.print(f"  {variant}: {one.sent[variant]} sent, {_words(share)}", markup=False)
    if not found:
        out.print("No step is written in two ways; see `cadence new variant`.")


def _words(share: Share) -> str:
    if share.rate is None:
        return "none had 14 days to be answered yet"
    low, high = share.interval
    return f"{share.count} of {share.of} answered: {share.rate:.1%}, 95 % range {low:.1%} to {high:.1%}"


def _plain(one: Shown) -> dict[str, Any]:
    variants = {
        name: {"sent": one.sent[name], "counted": share.of, "answered": share.count, "range": share.interval}
        for name, share in one.shares.items()
    }
    at = {name: moment.isoformat() if (moment := getattr(one, name)) else None for name in _MOMENTS}
    names = ("sequence", "step", "state", "winner", "says")
    return {name: getattr(one, name) for name in names} | at | {"variants": variants}


_MOMENTS = ("begun_at", "decided_at", "ended_at")
