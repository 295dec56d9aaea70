"""Tells what a file is by its first bytes, and which kinds are not taken at all.

It never believes a name or a claimed type, and never opens, unpacks or runs anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

REFUSED: Final = "not taken"
"""Why a file of a kind that could harm whoever opens it is not kept; a word for the kind follows."""
UNKNOWN_KIND: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is. `refused` says in a word why it isn't taken; `picture` that a clean copy of it is tried."""

    mime: str
    refused: str = ""

    @property
    def picture(self) -> bool:
        """Whether it is a still picture, which may tell where and when it was taken."""
        return self.mime.startswith("image/")


_PROGRAM, _PACKED, _PAGE = (FileKind(UNKNOWN_KIND, why) for why in ("program", "packed", "page"))
_SIGNS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
)
"""Where in a file, which bytes, and what it then is."""
_RIFF: Final = frozenset(("image/webp", "audio/wav", "video/x-msvideo"))
"""Whose sign stands behind RIFF and a length."""
_BRANDS: Final = (
    (b"M4A", "audio/mp4"), (b"M4B", "audio/mp4"), (b"hei", "image/heic"), (b"hev", "image/heic"),
    (b"mif1", "image/heic"), (b"msf1", "image/heic"), (b"avif", "image/avif"), (b"avis", "image/avif"),
    (b"3g", "video/3gpp"), (b"qt", "video/quicktime"),
)  # fmt: skip
"""Of an ISO media file (`ftyp` at 4) by the beginning of its brand; any other is `video/mp4`."""
_SOUND: Final = re.compile(rb"\xff(?:[\xfb\xf3\xf2\xfa]|([\xf1\xf9]))", re.DOTALL)
"""A frame of MP3, or (grouped) of AAC."""
_PROGRAMS: Final = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"\0asm", b"L\0\0\0\x01\x14\x02\0", b"!<arch>", b"ITSF", b"#!",
)  # fmt: skip
"""ELF, Mach-O, Java, Android, WebAssembly, Windows shortcut, Debian, compiled help, scripts."""
_ARCHIVES: Final = (
    b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"MSCF",
)  # fmt: skip
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PACKAGES: Final = (
    (b"AndroidManifest.xml", ""), (b"classes.dex", ""), (b"META-INF/MANIFEST.MF", ""), (b"vbaProject.bin", ""),
    (b"word/", _OFFICE + "wordprocessingml.document"),
    (b"xl/", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", _OFFICE + "presentationml.presentation"),
)  # fmt: skip
"""By the beginning of a name inside a ZIP; an empty type is a program, or a document with programs in it."""
_ODF: Final = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation))")
_ZIP_ENTRY: Final = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTALLER: Final = bytes.fromhex("84100c0000000000c000000000000046")
"""The class of a Windows installer, which is an OLE file like an old Office document."""
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|script|svg|\?php|\?xml)", re.IGNORECASE)
_LOOKED_AT: Final = 4096
"""Bytes at the beginning in which markup and text are told."""
_CONTROLS: Final = frozenset(range(0x20)) - frozenset(b"\t\n\x0c\r\x1b")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def kind_of(head: bytes) -> FileKind:
    """What a file is by its first bytes, 256 KB or all of it. What nothing is known of is kept, and never shown."""
    if head.startswith(b"PK\x03\x04"):
        return _package(head)
    if head.startswith(_OLE):
        return _PROGRAM if _INSTALLER in head else FileKind("application/x-ole-storage")
    if found := next((mime for at, sign, mime in _SIGNS if head.startswith(sign, at)), ""):
        return FileKind(found) if found not in _RIFF or head.startswith(b"RIFF") else FileKind(UNKNOWN_KIND)
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return FileKind(next((mime for sign, mime in _BRANDS if brand.startswith(sign)), "video/mp4"))
    if head.startswith(_PROGRAMS) or (head.startswith(b"MZ") and b"\0" in head[:_LOOKED_AT]):
        return _PROGRAM
    if head.startswith((*_ARCHIVES, b"PK")) or head[257:262] == b"ustar":
        return _PACKED
    if sound := _SOUND.match(head):
        return FileKind("audio/aac" if sound[1] else "audio/mpeg")
    return _written(head)


def _written(head: bytes) -> FileKind:
    """Text, markup, or nothing that is known. A page of markup may hide behind anything that a browser passes over."""
    begins = head[:_LOOKED_AT]
    if begins.startswith(_UTF16):
        begins = begins[: len(begins) // 2 * 2].decode("utf-16", "replace").encode()
    if _MARKUP.search(begins.replace(b"\0", b"")):
        return _PAGE
    if b"%PDF-" in begins[:1024]:
        return FileKind("application/pdf")
    return FileKind("text/plain") if begins and not _CONTROLS.intersection(begins) else FileKind(UNKNOWN_KIND)


def _package(head: bytes) -> FileKind:
    """A ZIP: an office document by the names inside, else something packed, or a program."""
    names = [head[at.end() : at.end() + int.from_bytes(at[1], "little")] for at in _ZIP_ENTRY.finditer(head)]
    for sign, mime in _PACKAGES:
        if any(name.startswith(sign) or name.endswith(b"/" + sign) for name in names):
            return FileKind(mime) if mime else _PROGRAM
    if found := _ODF.match(head[30:]):
        return FileKind(found[1].decode())
    return _PACKED
