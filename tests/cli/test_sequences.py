"""lint, preview, publish, schema and simulate, with an installation and without."""

import re
import shutil
from pathlib import Path

import pytest

from cadence.cli import drafts
from cadence.setting_values import shipped_templates
from tests.cli.conftest import Cadence

BROKEN = 'name = "X"\naudience = "lost"\nends = "18 monts"\n'


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "drafts"
    (folder / "mine").mkdir(parents=True)
    (folder / "mine" / "sequence.toml").write_text(BROKEN, encoding="utf-8")
    return folder


def test_what_is_shipped_has_no_fault(cadence: Cadence) -> None:
    done = cadence("lint")
    assert (done.code, done.out.count("\n"), done.out.count("stories are examples")) == (0, 6, 6)
    assert "7 sequences: 6 warnings" in done.err


def test_a_fault_is_said_with_its_place(cadence: Cadence, broken: Path) -> None:
    done = cadence("lint", "--templates", broken)
    assert done.code == 2
    assert "drafts/mine/sequence.toml:3: error: " in done.out
    as_json = cadence("lint", "mine", "--templates", broken, "--json")
    found = [one for one in as_json.json if one["path"] == "drafts/mine/sequence.toml"]
    assert {(one["line"], one["severity"]) for one in found} >= {(3, "error")}


def test_an_unknown_sequence_is_a_line(cadence: Cadence) -> None:
    for command in ("lint", "preview", "simulate", "publish"):
        done = cadence(command, "closed-last")
        assert done.code == 2
        assert 'did you mean "closed-lost"' in done.err


def test_looking_needs_no_database_and_makes_none(cadence: Cadence, tmp_path: Path) -> None:
    for command in (("lint",), ("preview", "closed-lost"), ("simulate", "closed-lost"), ("schema",)):
        assert cadence(*command).code == 0
    assert not list(tmp_path.iterdir())


def test_a_preview_shows_the_words(cadence: Cadence, tmp_path: Path) -> None:
    done = cadence("preview", "closed-lost", "--step", "thank-you", "--prospect", "Annegret Köhler")
    assert "Subject: Glückwunsch" in done.out
    assert "From:    Jonas Reed <jonas.reed@larkfield.example>" in done.out
    every = cadence("preview", "closed-lost", "--json").json
    assert len(every) == 14
    page = tmp_path / "page.html"
    assert cadence("preview", "closed-lost", "--html", page).code == 0
    assert page.read_text(encoding="utf-8").count("<iframe sandbox") == 14
    assert cadence("preview", "closed-lost", "--step", "thank-you", "--html", page).code == 0
    assert "<iframe" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--step", "nope"), "has no step"), (("--prospect", "nobody"), "no sample; the samples"),
     (("--step", "story", "--story", "nope"), "there is no story")],
)  # fmt: skip
def test_a_preview_of_what_is_not_there_is_a_line(
    cadence: Cadence, words: tuple[str, ...], says: str
) -> None:
    done = cadence("preview", "closed-lost", *words)
    assert done.code == 2
    assert says in done.err


def test_somebody_enrolled_is_previewed_with_their_own_facts(installed: Cadence) -> None:
    installed("enroll", "ann@one.example", "-s", "closed-lost", "--first-name", "Annabel")
    done = installed("preview", "closed-lost", "--step", "thank-you", "--prospect", "ann@one.example")
    assert done.code in (0, 2)  # without our company's address the mail would be held, and that is said
    assert "Annabel" in done.out or "company" in done.err


def test_publishing_says_what_changes(cadence: Cadence, broken: Path) -> None:
    assert "former-client: would be published." in cadence("publish", "--dry-run", "former-client").out
    assert "former-client: published as revision 1." in cadence("publish", "former-client").out
    assert "former-client: unchanged." in cadence("publish", "former-client").out
    done = cadence("publish", "--templates", broken)
    assert done.code == 2
    assert "layout.html.j2:1: " in done.err


def test_the_schema_is_json(cadence: Cadence) -> None:
    assert "properties" in cadence("schema").json


def test_a_simulation_gives_every_date_and_its_reason(cadence: Cadence) -> None:
    done = cadence("simulate", "closed-lost", "--prospect", "Maren Ellison", "--country", "DE")
    assert "closed-lost for Maren Ellison (Europe/Berlin, DE), if nobody answers" in done.out
    assert "2 hours after the deal was lost; moved from Monday" in done.out
    flags = ("--country", "DE", "--json")
    as_json = cadence("simulate", "closed-lost", "--prospect", "Maren Ellison", *flags).json
    assert as_json["entries"][0]["step"] == "thank-you"
    assert all(entry["why"] for entry in as_json["entries"])
    assert (
        as_json
        == cadence(
            "simulate",
            "closed-lost",
            "--prospect",
            "maren.ellison@brightpump.example",
            "--country",
            "DE",
            "--json",
        ).json
    )


def test_the_calendar_in_the_docs_is_what_the_command_prints(cadence: Cadence) -> None:
    page = (Path(__file__).parents[2] / "docs" / "winning-back.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n\$ cadence (simulate .*?)^```", page, re.MULTILINE | re.DOTALL)
    command, _, shown = block.replace("\\\n", "").partition("\n")
    done = cadence(*command.split())
    assert " ".join(done.out.split()) == " ".join(shown.split())


def test_a_simulation_supposes_answers(cadence: Cadence) -> None:
    flags = ("--deal-lost-at", "2020-11-20", "--country", "DE", "--on", "not_now@2020-12-01", "--json")
    whats = [entry["what"] for entry in cadence("simulate", "closed-lost", *flags).json["entries"]]
    assert whats[2:5] == ["reply", "paused", "resumed"]
    wrong = cadence("simulate", "closed-lost", "--on", "perhaps@2026-12-01")
    assert wrong.code == 2
    assert "decision_open" in wrong.err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--deal-lost-at", "2090-01-01"), "the deal cannot have been lost in the future: 2090-01-01"),
        (("--country", "DE", "--region", "XX"), "no public holidays are known of a region 'XX' of DE"),
    ],
)
def test_what_cannot_be_is_not_simulated(cadence: Cadence, flags: tuple[str, ...], says: str) -> None:
    done = cadence("simulate", "closed-lost", *flags)
    assert done.code == 2
    assert says in done.err
    assert done.err.count("\n") == 1


def test_a_loss_to_come_is_simulated_for_a_start_to_come(cadence: Cadence) -> None:
    done = cadence(
        "simulate", "closed-lost", "--deal-lost-at", "2090-01-02", "--start", "2090-01-03", "--json"
    )
    assert done.code == 0, done.err
    assert done.json["start"].startswith("2090-01-03")


def test_somebody_enrolled_goes_on_from_where_they_stand(installed: Cadence) -> None:
    installed("enroll", "ann@one.example", "-s", "closed-lost", "--country", "US")
    installed("pause", "ann@one.example")
    done = installed("simulate", "closed-lost", "--prospect", "ann@one.example", "--json").json
    assert done["stands"].startswith("paused")
    assert done["entries"] == []


def test_a_crowd_is_counted(cadence: Cadence) -> None:
    done = cadence("simulate", "closed-lost", "--people", "30", "--start", "2026-11-02", "--json").json
    assert done["people"] == 30
    assert done["mails"] == sum(done["months"].values()) == sum(done["steps"].values())


def test_templates_are_the_shipped_ones_by_default() -> None:
    assert (shipped_templates() / "closed-lost").is_dir()


def test_a_sequence_and_a_story_are_begun_and_nothing_is_overwritten(
    cadence: Cadence, tmp_path: Path
) -> None:
    mine = tmp_path / "drafts"
    shutil.copytree(shipped_templates() / "_shared", mine / "_shared")
    begun = cadence("new", "sequence", "spring-visit", "--templates", mine)
    assert (begun.code, begun.out.count("spring-visit/")) == (0, 5)
    assert "nothing to mend" in cadence("lint", "spring-visit", "--templates", mine).err
    assert cadence("new", "story", "a-bakery", "--templates", mine).code == 0
    words = mine / "spring-visit" / "question.md.j2"
    words.write_text("my own", encoding="utf-8")
    for again in (("sequence", "spring-visit"), ("story", "a-bakery")):
        refused = cadence("new", *again, "--templates", mine)
        assert refused.code != 0
        assert "is there already; nothing was changed" in refused.err
    assert words.read_text(encoding="utf-8") == "my own"
    assert "cannot be its name" in cadence("new", "sequence", "Spring visit", "--templates", mine).err


def test_lint_looks_again_after_a_save(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    board = broken / "mine" / "sequence.toml"

    def look() -> None:
        looks.append(board.read_text(encoding="utf-8"))
        if len(looks) == 2:
            raise KeyboardInterrupt
        board.write_text(f"{BROKEN}# saved\n", encoding="utf-8")

    monkeypatch.setattr(drafts, "EVERY", 0.0)
    drafts.after_each_save(broken, look)
    assert looks == [BROKEN, f"{BROKEN}# saved\n"]
