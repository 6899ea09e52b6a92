"""An import: columns found, rows rejected with their reason, everybody else in at once."""

from pathlib import Path

import pytest

from cadence.core.date_order import DateOrder
from cadence.core.errors import InvalidInput, NotFound
from cadence.service import importing
from cadence.service.importing import Order, Report
from cadence.store import enrollments, messages, prospects
from tests.service.conftest import World

HEADER = "E-Mail;Vorname;Firma;Verloren am;Grund"


async def run(
    world: World,
    *rows: str,
    header: str = HEADER,
    mapping: dict[str, str] | None = None,
    defaults: dict[str, str] | None = None,
    order: DateOrder | None = None,
    dry_run: bool = False,
) -> Report:
    path = world.templates.parent / "people.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    asked = Order(path, "lost", mapping or {}, defaults or {}, order, dry_run)
    return await importing.import_file(world.app, asked)


async def count(world: World) -> int:
    async with world.app.db.read() as tx:
        return sum((await enrollments.counts(tx)).values())


def reasons(report: Report) -> dict[int, str]:
    return {one.row: one.reason for one in report.rejected}


async def test_everyone_who_is_right_is_enrolled_with_a_first_mail(world: World) -> None:
    report = await run(world, "ann@x.example;Ann;X;02.03.2026;price", "bob@x.example;Bob;X;;")
    assert (report.rows, report.enrolled, report.rejected) == (2, 2, ())
    assert report.columns["Verloren am"] == "lost_at"
    async with world.app.db.read() as tx:
        ann = await prospects.find(tx, "ann@x.example")
        assert ann is not None
        (enrollment,) = await enrollments.of_prospect(tx, ann.id)
        assert [m.step for m in await messages.of_enrollment(tx, enrollment.id)] == ["thank-you"]
        assert (await enrollments.case(tx, enrollment.id)).deal.reason == "price"


async def test_every_rejected_row_says_why_and_the_others_go_in(world: World) -> None:
    await world.enroll("old@x.example")
    async with world.app.db.write() as tx:
        await prospects.suppress(tx, "stop@x.example", reason="said so", source="test", now=world.now)
    report = await run(
        world,
        "ann@x.example;Ann;X;;",
        "ANN@x.example;Ann;X;;",
        "broken;B;X;;",
        ";C;X;;",
        "old@x.example;D;X;;",
        "stop@x.example;E;X;;",
        "rep@vendor.test;F;X;;",
        "g@x.example;G;X;03/04/2026;",
        "h@x.example;H",
        "i@x.example;I;X;;;;more",
        "j@x.example;J;X;2026-12-31;",
    )
    said = reasons(report)
    assert report.enrolled == 1
    assert said[3] == "the same address as in row 2"
    assert "not an email address" in said[4]
    assert "no address" in said[5]
    assert "already enrolled" in said[6]
    assert "suppressed: said so" in said[7]
    assert "mailbox of our own" in said[8]
    assert "--date-order" in said[9]
    assert "2 cells only" in said[10]
    assert "7 cells" in said[11]
    assert "in the future" in said[12]
    assert await count(world) == 2


async def test_a_dry_run_says_the_same_and_changes_nothing(world: World) -> None:
    rows = ("ann@x.example;Ann;X;;", "broken;B;X;;", "rep@vendor.test;C;X;;")
    dry = await run(world, *rows, dry_run=True)
    assert await count(world) == 0
    wet = await run(world, *rows)
    assert (dry.enrolled, dry.rejected) == (wet.enrolled, wet.rejected)
    assert await count(world) == 1


async def test_a_fault_half_way_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    real = importing.admission.admit

    async def breaks(app, tx, requests):  # type: ignore[no-untyped-def]
        if requests[0].email == "c@x.example":
            raise RuntimeError("the power fails")
        return await real(app, tx, requests)

    monkeypatch.setattr(importing.admission, "admit", breaks)
    with pytest.raises(RuntimeError):
        await run(world, *(f"{name}@x.example;N;X;;" for name in "abcd"))
    assert await count(world) == 0


async def test_a_mapping_goes_before_the_headers(world: World) -> None:
    report = await run(
        world,
        "ann@x.example;info@x.example;Ann",
        header="Contact;Mail;Who",
        mapping={"Contact": "email", "who": "first_name"},
    )
    assert report.enrolled == 1
    assert report.columns == {"Contact": "email", "Who": "first_name"}
    assert report.ignored == ("Mail",)


async def test_defaults_hold_where_a_row_says_nothing(world: World) -> None:
    await run(world, "ann@x.example;Ann;X;;", "b@y.example;B;Y;;budget", defaults={"reason": "price"})
    async with world.app.db.read() as tx:
        deals = [(await enrollments.case(tx, n)).deal.reason for n in (1, 2)]
    assert deals == ["price", "budget"]


async def test_the_order_of_dates_can_be_given(world: World) -> None:
    report = await run(world, "ann@x.example;Ann;X;01/02/2026;", order=DateOrder.DMY)
    assert report.enrolled == 1


@pytest.mark.parametrize(
    ("header", "mapping", "words"),
    [
        ("Name;Firma", {}, "no column looks like an address"),
        ("E-Mail;Mail", {}, "both look like email; say which with --map"),
        ("E-Mail;X", {"Y": "title"}, "has no column 'Y'"),
        ("E-Mail;X", {"X": "titel"}, "there is no field 'titel'; did you mean 'title'"),
        ("A;B;E-Mail", {"A": "title", "B": "title"}, "two columns are mapped to title"),
    ],
)
async def test_columns_that_cannot_be_told_are_one_fault(
    world: World, header: str, mapping: dict[str, str], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        await run(world, "a;b;c", header=header, mapping=mapping)


async def test_a_fault_of_every_row_is_one_fault(world: World) -> None:
    with pytest.raises(InvalidInput, match=r"every row is refused: .*no mailbox x@vendor\.test"):
        await run(world, "a@x.example;A;X;;", "b@x.example;B;X;;", defaults={"mailbox": "x@vendor.test"})


async def test_an_unknown_sequence_is_said_at_once(world: World) -> None:
    path = world.templates.parent / "people.csv"
    path.write_text("email\na@x.example\n", encoding="utf-8")
    with pytest.raises(NotFound, match="not published"):
        await importing.import_file(world.app, Order(path, "lots", {}, {}))


async def test_rejected_rows_can_be_written_and_imported_again(world: World, tmp_path: Path) -> None:
    report = await run(world, "=cmd@x.example;=A1;X;soon;", "ann@x.example;Ann;X;;")
    importing.write_rejected(report, tmp_path / "rejects.csv")
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd@x.example,'=A1" in text
    assert text.startswith("row,reason,E-Mail,Vorname")


async def test_progress_is_told_to_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    path = world.templates.parent / "people.csv"
    path.write_text("email\n" + "".join(f"p{n}@x.example\n" for n in range(5)), encoding="utf-8")
    told: list[tuple[int, int]] = []
    await importing.import_file(world.app, Order(path, "lost", {}, {}), lambda *at: told.append(at))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
