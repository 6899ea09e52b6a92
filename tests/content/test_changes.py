"""What differs between two states of a sequence's files."""

from cadence.content.changes import Line, changes


def test_files_that_are_the_same_are_not_named():
    assert changes({"a": b"x"}, {"a": b"x"}) == ()


def test_a_changed_line_stands_beside_the_old_one_with_both_numbers():
    (change,) = changes({"a": b"one\ntwo\nthree\n"}, {"a": b"one\n2\nthree\n"})
    assert (change.path, change.kind) == ("a", "changed")
    assert change.parts == ((Line(1, "one", 1, "one"), Line(2, "two", 2, "2"), Line(3, "three", 3, "three")),)
    assert [line.is_same for line in change.parts[0]] == [True, False, True]


def test_what_is_new_and_what_is_gone_is_shown_as_a_whole():
    new, gone = changes({"b": b"old"}, {"a": b"x\ny"})
    assert (new.path, new.kind, new.parts) == (
        "a",
        "new",
        ((Line(None, None, 1, "x"), Line(None, None, 2, "y")),),
    )
    assert (gone.path, gone.kind, gone.parts) == ("b", "gone", ((Line(1, "old", None, None),),))


def test_what_is_no_text_is_only_said_to_differ():
    (change,) = changes({"a": b"\xff\xfe"}, {"a": b"\xff"})
    assert (change.kind, change.parts) == ("changed", ())


def test_far_parts_of_a_file_are_shown_apart():
    lines = [str(number) for number in range(50)]
    other = ["first", *lines[1:-1], "last"]
    (change,) = changes({"a": "\n".join(lines).encode()}, {"a": "\n".join(other).encode()})
    assert [len(part) for part in change.parts] == [4, 4]
