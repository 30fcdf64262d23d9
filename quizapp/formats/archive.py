"""Zip packages, safely: bounded in files, size and ratio, with plain relative names only.

Everything is checked in the directory of the zip before a member is read; members are unpacked on demand.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from quizapp.errors import N_
from quizapp.formats.base import FormatError
from quizapp.kinds.base import nfc

MAX_FILES = 20_000
MAX_TOTAL = 160 * 1024 * 1024
MAX_MEMBER = 96 * 1024 * 1024
MAX_RATIO = 120
"""Checked above RATIO_FROM bytes: a small, very regular file may well shrink to a hundredth."""
RATIO_FROM = 8 * 1024 * 1024

BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
PIECE = 256 * 1024
UTF8_NAME = 0x800
ENCRYPTED = 0x1
LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")
DRIVE = re.compile(r"[A-Za-z]:")


class Archive(Mapping[str, bytes]):
    """The files of a zip by name, in its order. Names are NFC with `/`; folders are left out."""

    def __init__(self, package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._package = package
        self._members = members

    def __getitem__(self, name: str) -> bytes:
        return self.start(name, self.size(name) + 1)

    def start(self, name: str, limit: int) -> bytes:
        """The first bytes of a file: never more than the directory promises, whatever its stream holds."""
        try:
            with self._package.open(self._members[nfc(name)]) as member:
                return member.read(limit)
        except BROKEN:
            raise damaged(name) from None

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file piece by piece, where it needn't be held whole."""
        try:
            with self._package.open(self._members[nfc(name)]) as member:
                while piece := member.read(PIECE):
                    yield piece
        except BROKEN:
            raise damaged(name) from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and nfc(name) in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def size(self, name: str) -> int:
        """How many bytes the file has once unpacked."""
        return self._members[nfc(name)].file_size


def damaged(name: str) -> FormatError:
    return FormatError(N_("The package is damaged: “%(name)s” can't be unpacked. Export it again."), name=name)


def open_archive(data: bytes) -> Archive:
    """The files of a zip package. Raises FormatError for one that is broken, encrypted, too large or unsafe."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        raise FormatError(N_("This is not a whole zip package. Export or download it again.")) from None
    infos = [info for info in package.infolist() if not is_left_by_system(info.filename)]
    check_sizes(infos, len(data))
    return Archive(package, {member_name(info): info for info in infos if info.filename and not info.is_dir()})


def unpacked_size(data: bytes) -> int:
    """How many bytes a package says that it has once unpacked; of what is none, how many it has."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return sum(info.file_size for info in package.infolist())
    except BROKEN:
        return len(data)


def is_left_by_system(name: str) -> bool:
    """Whether it is one of the files that macOS and Windows put into a zip beside what was packed."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts[:-1] or parts[-1].startswith("._") or parts[-1] in LEFT_BY_SYSTEMS


def check_sizes(infos: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse what would fill the memory: no more is ever unpacked than the directory promises."""
    total = sum(info.file_size for info in infos)
    largest = max((info.file_size for info in infos), default=0)
    if len(infos) > MAX_FILES:
        raise FormatError(
            N_("The package holds more than %(limit)s files. Split it into smaller ones."), limit=MAX_FILES
        )
    if total > MAX_TOTAL or largest > MAX_MEMBER or (total > RATIO_FROM and total > packed * MAX_RATIO):
        raise FormatError(
            N_("Unpacked, the package would be %(size)s MB, which is more than this app accepts. Split it."),
            size=total // 1024 // 1024,
        )


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member that is safe to use as a name; raises FormatError for any other."""
    name = nfc(readable_name(info).replace("\\", "/").removeprefix("./"))
    if name.startswith("/") or DRIVE.match(name) or ".." in name.split("/"):
        raise FormatError(N_("The package has a file with the unsafe name “%(name)s”."), name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FormatError(N_("The package has a link, “%(name)s”; only plain files can be read."), name=name)
    if info.flag_bits & ENCRYPTED:
        raise FormatError(N_("The package is encrypted. Save it without a password."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FormatError(
            N_("“%(name)s” is packed in a way that can't be read here. Make a plain zip of it."), name=name
        )
    return name


def readable_name(info: zipfile.ZipInfo) -> str:
    """Without the UTF-8 flag `zipfile` reads names as CP437; Korean programs write UTF-8 or CP949 there."""
    if info.flag_bits & UTF8_NAME:
        return info.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return info.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return info.filename
