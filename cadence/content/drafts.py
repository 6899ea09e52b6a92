"""The authors' files as they are edited from afar: which may be written, and how one is saved whole.

The files stay the truth. A save replaces one file in one go, and only where it is still as the author saw
it; a sequence that was saved so is held back from being published by itself until somebody publishes
it. No path leads out of the templates folder: folders and files are opened one by one, and links are not
followed.
"""

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cadence.content.files import POOLS, SHARED, digest, read_snapshot, sequence_names
from cadence.content.keys import LANGUAGE_PATTERN, NAME_PATTERN, VARIANT_PATTERN
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound

LARGEST_TEXT = 200_000
"""Bytes of a file that is edited from afar; the longest letter needs a tenth of it."""
MARK = ".held-back"
"""A hidden file in a sequence's folder: what was saved is not published by itself."""

_TEMPLATE = rf"{NAME_PATTERN}(?:~{VARIANT_PATTERN})?(?:\.{LANGUAGE_PATTERN})?\.(?:md|txt|html)\.j2"
_EDITABLE = re.compile(
    rf"(?P<folder>{'|'.join((SHARED, *POOLS))})/{_TEMPLATE}"
    rf"|(?!(?:{'|'.join(POOLS)})/)(?P<sequence>{NAME_PATTERN})/(?:sequence\.toml|sample\.toml|{_TEMPLATE})"
)
_AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as somebody saw it. version: of its content, to be given back on saving."""

    path: str
    text: str
    version: str


def is_editable(path: str, name: str) -> bool:
    """Whether a page may write this file of a sequence: its own, or one that all sequences share."""
    found = _EDITABLE.fullmatch(path)
    return found is not None and found["sequence"] in {None, name}


def editable(folder: Path, name: str) -> list[str]:
    """The files that make up a sequence, its own first; raises NotFound."""
    paths = [path for path in read_snapshot(folder, name) if is_editable(path, name)]
    order = {"sequence.toml": 0, "sample.toml": 2}
    return sorted(
        paths, key=lambda path: (not path.startswith(f"{name}/"), order.get(path.partition("/")[2], 1), path)
    )


def read(folder: Path, path: str) -> Source:
    """A file as it is on disk; raises NotFound, and InvalidInput for what is no text."""
    with _folder_of(folder, path) as (at, filename):
        content = _content(at, filename)
    if content is None:
        raise NotFound(f"There is no file {path}.")
    return _source(path, content)


def save(folder: Path, path: str, text: str, version: str) -> Source:
    """Replace a file as a whole, or make it where `version` is empty.

    Raises Conflict where the file is no longer what `version` was given for, InvalidInput for a path or a
    text that cannot be saved; then nothing is changed.
    """
    with _locked(folder), _folder_of(folder, path) as (at, filename):
        old = _content(at, filename)
        if (_version(old) if old is not None else "") != version:
            raise Conflict("The file was changed by somebody else since you opened it.")
        content = _encoded(text, with_returns=old is not None and b"\r\n" in old)
        hold_back(folder, path)
        _replace(at, filename, content)
    return _source(path, content)


def _encoded(text: str, *, with_returns: bool) -> bytes:
    """What is written: the line ends of the file, whatever a browser sent, and one at the end."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(plain):
        line = plain.count("\n", 0, found.start()) + 1
        raise InvalidInput(f"Line {line} holds a control character, which no mail can have.")
    plain = plain.rstrip("\n") + "\n"
    content = plain.replace("\n", "\r\n" if with_returns else "\n").encode()
    if len(content) > LARGEST_TEXT:
        raise InvalidInput(f"A file has at most {LARGEST_TEXT // 1000} kB; this has {len(content) // 1000}.")
    return content


def _source(path: str, content: bytes) -> Source:
    try:
        return Source(path, content.decode().replace("\r\n", "\n"), _version(content))
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8: change it with an editor on the server.") from None


def _version(content: bytes) -> str:
    return sha256(content).hexdigest()


# --- what waits to be published ---


def hold_back(folder: Path, path: str) -> None:
    """Mark the sequences that a file belongs to: they are published only when somebody says so."""
    own = path.partition("/")[0]
    for name in sequence_names(folder) if own in {SHARED, *POOLS} else (own,):
        try:
            (folder / name / MARK).touch()
        except OSError as fault:
            raise CadenceError(f"{name} cannot be written to: {fault.strerror}.") from fault


def held_back(folder: Path) -> frozenset[str]:
    """The sequences that wait until somebody publishes them."""
    return frozenset(path.parent.name for path in folder.glob(f"*/{MARK}"))


def published(folder: Path, name: str, as_of: str) -> None:
    """A sequence was published; as_of: the digest of what was. What was saved since goes on waiting."""
    if not (folder / name / MARK).exists():
        return
    with _locked(folder):
        if digest(read_snapshot(folder, name)) == as_of:
            with suppress(OSError):  # who may not write here leaves the mark: it does no harm
                (folder / name / MARK).unlink(missing_ok=True)


# --- the file system ---


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """The templates folder itself, which may be a link."""
    try:
        descriptor = os.open(folder, _AS_FOLDER)
    except OSError as fault:
        raise CadenceError(f"The templates folder cannot be used: {fault.strerror}.") from fault
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One at a time, among all processes that write into this folder."""
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _folder_of(folder: Path, path: str) -> Iterator[tuple[int, str]]:
    """The folder that a file stands in, opened without following a link, and the file's name in it."""
    if not _EDITABLE.fullmatch(path):
        raise InvalidInput(f"{path[:200]!r} is no file that can be edited here.")
    parent, _, filename = path.partition("/")
    with _opened(folder) as root:
        try:
            at = os.open(parent, _AS_FOLDER | os.O_NOFOLLOW, dir_fd=root)
        except FileNotFoundError:
            raise NotFound(f"There is no folder {parent}.") from None
        except OSError as fault:
            raise InvalidInput(f"{parent} cannot be used: {fault.strerror}.") from None
        try:
            yield at, filename
        finally:
            os.close(at)


def _content(at: int, filename: str) -> bytes | None:
    """What a file holds, None where there is none."""
    try:
        descriptor = os.open(filename, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise InvalidInput(f"{filename} cannot be used: {fault.strerror}.") from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_TEXT:
            raise InvalidInput(f"{filename} is too large to be edited here, or no file at all.")
        return stream.read()


def _replace(at: int, filename: str, content: bytes) -> None:
    """Write beside the file and put it in its place: whoever reads sees the old one or the new one."""
    beside = f".{filename}.{secrets.token_hex(6)}"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=at)
        with os.fdopen(descriptor, "wb") as stream:
            with suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(os.stat(filename, dir_fd=at).st_mode))
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        os.replace(beside, filename, src_dir_fd=at, dst_dir_fd=at)
        os.fsync(at)
    except OSError as fault:
        with suppress(OSError):
            os.unlink(beside, dir_fd=at)
        raise CadenceError(f"{filename} cannot be written: {fault.strerror}.") from fault
