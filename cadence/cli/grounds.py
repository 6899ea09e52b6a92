"""How the grounds of a verdict look in a terminal: rules, the likeliest categories with words, costs."""

from typing import Any

from cadence.cli.shell import out

CATEGORIES = 4
"""How many of the likeliest categories are shown; `--json` has all."""

Row = dict[str, Any]


def show_grounds(told: Row) -> None:
    """Print what decided, most telling first."""
    for rule in told["rules"]:
        _line(f"rule   {rule['category']:<18}{rule['strength']:.0%}  {rule['rule']}: “{rule['words']}”")
    if told["categories"]:
        alone = told["rules_alone"]
        _line(f"rules alone: {alone['category']}, {alone['confidence']:.0%}; model {told['model']}:")
    for row in told["categories"][:CATEGORIES]:
        _category(row)
    _line(told["decision"])


def _category(row: Row) -> None:
    figures = f"score {row['score']:+.2f}, acting costs {row['acting']:.2f}"
    _line(f"{row['chance']:>6.1%} {row['category']:<18}{figures}")
    words = [f"{one['weight']:+.2f} {_named(one)}" for one in row["words"]]
    parts = [f"{row['start']:+.2f} to begin with", *words, f"{row['rest']:+.2f} all the rest"]
    _line(f"       {', '.join(parts)}")


def _named(one: Row) -> str:
    return f"“{one['words']}”" + (f" ({one['kind']}: {one['name']})" if one["name"] else "")


def _line(words: str) -> None:
    out.print(f"  {words}", markup=False)
