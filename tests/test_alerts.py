"""The alerts that are shipped rest on figures that exist, and each is explained."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import cadence
from cadence.store.figures import Figures
from cadence.store.overview import Waiting
from cadence.web.metrics import exposition

DOCS = Path(cadence.__file__).parent.parent / "docs"
RULES = yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")
NOTHING = Figures(datetime(2026, 3, 3, tzinfo=UTC), "0001", {}, Waiting(0, 0, None, None), {}, (), {}, {})


def known() -> dict[str, set[str]]:
    """Every metric and the names of its labels."""
    body, _ = exposition(NOTHING, timedelta(minutes=1))
    families = list(text_string_to_metric_families(body.decode()))
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    return {f"{family.name}": set() for family in families if not family.samples} | found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_rests_on_figures_that_exist(rule: dict[str, str]) -> None:
    for name in re.findall(r"cadence_\w+", rule["expr"]):
        assert name in known()
    for name, label in re.findall(r"(cadence_\w+)\{(\w+)[!=]", rule["expr"]):
        assert label in known()[name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_is_explained(rule: dict[str, str]) -> None:
    rows = [line for line in OPERATING.splitlines() if line.startswith(f"| `{rule['alert']}` |")]
    assert len(rows) == 1


def test_every_metric_is_explained() -> None:
    table = OPERATING[OPERATING.index("| metric | meaning |") : OPERATING.index("What to alert on")]
    explained = set(re.findall(r"`(cadence_\w+)", table))
    assert explained == set(known())


def test_promtool_accepts_the_rules() -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed")
    words = [program, "check", "rules", str(DOCS / "alerts.yml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
