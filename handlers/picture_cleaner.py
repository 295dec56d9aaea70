"""The program that makes one clean copy: reads a picture from its input, writes it anew with nothing beside it.

It runs by itself, with no key, no environment and hard limits, for a picture may be made to break who opens it; it
imports nothing of ours, and touches no file.
"""

import contextlib
import copy  # noqa: F401 - Pillow wants it for GIFs, when nothing can be opened any more
import io
import resource
import sys
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

DAMAGED, TOO_LARGE = 3, 4
"""How it ends where no copy could be made."""
PIXELS = 40_000_000
"""Of the largest picture that is opened: a phone's largest (12 to 25 million), and some more."""
MEMORY = 1_500_000_000
"""Bytes of address space: twice that picture at four bytes a pixel, what decoders hold beside, and Python."""
SECONDS = 25
"""Of computing."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF")
"""What is opened (JPEG: also those that hold two pictures, of which the first counts). Nothing else is even tried."""
_QUALITY = 90
LIGHT = "light"
"""Said behind its name: a small copy is wanted, for a weak line."""
LIGHT_BYTES = 150_000
"""Of a small copy at most (training.md 5.1)."""
_LIGHT_SIDES = (1080, 800, 640, 480, 320)
"""Points of its longer side: the largest that stays below is taken."""
_LIGHT_QUALITY = 70
_TRANSPARENT = frozenset(("RGBA", "LA", "PA", "La", "RGBa"))


def limit() -> None:
    """Give up all that it doesn't need, and be the first to go where memory is short.

    Whoever breaks in by a picture opens no file and no connection any more: neither the database, nor what the system
    shows of the process that holds the keys.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS}
    nothing = (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)
    for what, most in (limits | dict.fromkeys(nothing, 0)).items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _light(picture: Image.Image) -> bytes:
    """A small JPEG; what is transparent becomes white."""
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    data = b""
    for side in _LIGHT_SIDES:
        small, made = flat.copy(), io.BytesIO()
        small.thumbnail((side, side))
        small.save(made, "JPEG", quality=_LIGHT_QUALITY, optimize=True)
        data = made.getvalue()
        if len(data) <= LIGHT_BYTES:
            break
    return data


def cleaned(original: bytes, *, light: bool = False) -> bytes:
    """The picture as it is to be seen (turned upright), and nothing else: JPEG, or PNG where parts are transparent.

    With `light` a small JPEG.

    Raises whatever Pillow raises of damaged pictures, `Image.DecompressionBombError` of those too large.
    """
    with Image.open(io.BytesIO(original), formats=_FORMATS) as opened:
        if opened.width * opened.height > PIXELS:
            raise Image.DecompressionBombError
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    if upright.mode.startswith("I"):
        upright = _eight_bits(upright)
    clear = upright.mode in _TRANSPARENT or "transparency" in upright.info
    picture = upright.convert("RGBA" if clear else "RGB")
    picture.info = {}
    if light:
        return _light(picture)
    made = io.BytesIO()
    if clear:
        picture.save(made, "PNG")
    else:
        picture.save(made, "JPEG", quality=_QUALITY, optimize=True)
    return made.getvalue()


def _eight_bits(deep: Image.Image) -> Image.Image:
    """Sixteen bits a point as eight: Pillow itself cuts off what is above 255, which leaves a white picture."""
    flat = deep.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    flat.info = {}
    return flat


def main() -> int:
    """Clean what comes in."""
    Image.init()
    limit()
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        sys.stdout.buffer.write(cleaned(sys.stdin.buffer.read(), light=LIGHT in sys.argv[1:]))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError):
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
