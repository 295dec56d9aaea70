"""Pictures as phones make them, with everything in them that tells on a woman; and broken ones, and traps.

They decide nothing: what becomes of them stands in the tests.
"""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

CAMERA, WRITER, PLACE, THUMBNAIL, TRAILING = (
    "KANARIA-X9",
    "Amal Kanarie",
    "kanarie-marib",
    "kanarie-small",
    "KANARIENEND",
)
CANARIES = tuple(word.encode() for word in (CAMERA, WRITER, PLACE, THUMBNAIL, TRAILING, "2026:11:22", "kanarie-icc"))
"""What no clean copy may hold, nor any row of the database."""
_GPS, _EXIF, _ORIENTATION = 0x8825, 0x8769, 0x0112
UPSIDE = 6
"""Turned by a quarter: shown upright it is as high as it was wide."""


def exif() -> Image.Exif:
    """Camera, name, time, place, and a picture's way up."""
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x013B], found[_ORIENTATION] = "Maker", CAMERA, WRITER, UPSIDE
    degree = TiffImagePlugin.IFDRational
    found.get_ifd(_EXIF).update({0x9003: "2026:11:22 09:00:00", 0x9286: b"ASCII\0\0\0" + THUMBNAIL.encode()})
    found.get_ifd(_GPS).update({1: "N", 2: (degree(15), degree(27), degree(36)), 29: PLACE})
    return found


def scene(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Red at the left, blue at the right."""
    made = Image.new(mode, (width, height), "red")
    made.paste("blue", (width // 2, 0, width, height))
    return made


def jpeg() -> bytes:
    held = io.BytesIO()
    more = {
        "exif": exif(),
        "comment": PLACE.encode(),
        "icc_profile": b"kanarie-icc" * 20,
        "xmp": b"<x:xmpmeta>%s" % CAMERA.encode(),
    }
    scene().save(held, "JPEG", **more)
    return held.getvalue() + b"PK\x05\x06" + TRAILING.encode()


def png() -> bytes:
    held, told = io.BytesIO(), PngInfo()
    told.add_text("Comment", PLACE)
    told.add_itxt("XML:com.adobe.xmp", CAMERA)
    scene(mode="RGBA").save(held, "PNG", exif=exif(), pnginfo=told, icc_profile=b"kanarie-icc" * 20)
    return held.getvalue() + TRAILING.encode()


def webp() -> bytes:
    held = io.BytesIO()
    scene().save(held, "WEBP", exif=exif(), xmp=CAMERA.encode(), icc_profile=b"kanarie-icc" * 20)
    return held.getvalue()


def gif() -> bytes:
    held = io.BytesIO()
    scene().save(held, "GIF", comment=PLACE.encode(), save_all=True, append_images=[scene().rotate(180)])
    return held.getvalue()


def tiff() -> bytes:
    held = io.BytesIO()
    scene().save(held, "TIFF", exif=exif())
    return held.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that says it is huge, and whose content unpacks to a great deal."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(20_000_000), 9)) + chunk(b"IEND", b"")


PICTURES = {"JPEG": jpeg, "PNG": png, "WebP": webp, "GIF": gif, "TIFF": tiff}
DAMAGED = {
    "cut off": lambda: jpeg()[:400],
    "a head without a body": lambda: b"\xff\xd8\xff\xe0",
    "noise": lambda: b"\xff\xd8\xff" + bytes(range(256)) * 40,
    "a PNG that ends early": lambda: png()[:60],
    "a PNG whose sums are wrong": lambda: png().replace(b"IDAT", b"IDAX"),
}
