"""Clean copies of pictures, act by act: nothing in them but the picture, and what becomes of the originals."""

from __future__ import annotations

import asyncio
import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PIL import Image

from flows.core import Person
from handlers import cases, clean_copies, picture_cleaner
from handlers.cases import read_case
from handlers.clean_copies import CLEAN_ONLY, DAMAGED, MADE, TOO_HARD, UNCLEAN, clean, keep_only
from handlers.draw import World
from storage import cases as stored_cases
from storage import files, people
from storage.seal import PART, FileKey
from storage.store import Store
from storage.unit import Unit
from tests import pictures
from tests.handlers.test_media import CODE, FILE, HER, SEED, Post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is decided here is the same on both: `tests/test_media.py` tells whole stories on either."""
PDF = b"%PDF-1.7 a document"
Kept = dict[int, tuple[dict[str, Any], bytes]]


@pytest.fixture
def post(store: Store) -> Post:
    return Post(store)


def _keep_only(unit: Unit, world: World, person: int = HER) -> None:
    sealing = cases.Sealing(unit, world)
    keep_only(sealing, person, (FILE,))
    sealing.end()


async def wishes(post: Post, person: int = HER) -> None:
    """She wants the clean copy alone."""
    await post.store.write(_keep_only, post.world(), person)


async def arrives(post: Post, content: bytes) -> None:
    await post.wanted([content])
    await post.fetches()


async def is_in_a_case(post: Post) -> None:
    await post.opens_case()
    await post.binds()


async def in_case(post: Post) -> Kept:
    """What the holder of the recovery key reads: what is noted of each file, and its bytes."""
    sealed = await post.store.read(stored_cases.sealed_case, CODE)
    assert sealed is not None
    opened, found = read_case(sealed, 1, SEED), {}
    for note in opened.data["files"]:
        parts = await post.store.read(files.parts, note["file"])
        key = opened.file_keys[note["file"]]
        found[note["file"]] = (note, b"".join(key.open_part(n, part) for n, part in enumerate(parts)))
    return found


async def rows(post: Post) -> tuple[int, int]:
    """How many files there are, and how many parts."""

    def count(unit: Unit) -> tuple[int, int]:
        one, two = (unit.one(f"SELECT COUNT(*) FROM {table}") for table in ("files", "file_parts"))
        assert one is not None
        assert two is not None
        return one[0], two[0]

    return await post.store.read(count)


def copies(kept: Kept) -> list[tuple[dict[str, Any], bytes]]:
    return [(note, content) for note, content in kept.values() if note.get("clean_of")]


# ---------------------------------------------------------------- what a clean copy is


@pytest.mark.parametrize("made", pictures.PICTURES.values(), ids=pictures.PICTURES)
async def test_a_clean_copy_is_the_picture_and_nothing_beside_it(database: str, made: Callable[[], bytes]) -> None:
    original = made()
    assert any(canary in original for canary in pictures.CANARIES)
    found = await clean(original)
    assert isinstance(found, bytes)
    assert not [canary for canary in pictures.CANARIES if canary in found]
    with Image.open(io.BytesIO(found)) as opened:
        opened.load()
        assert not dict(opened.getexif())
        assert not set(opened.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP", "TIFF"])
async def test_it_is_upright_for_what_said_so_is_gone(database: str, name: str) -> None:
    found = await clean(pictures.PICTURES[name]())
    assert isinstance(found, bytes)
    with Image.open(io.BytesIO(found)) as opened:
        assert opened.size == (32, 64)
        red, _, blue = opened.convert("RGB").getpixel((16, 4))  # type: ignore[misc]
        assert (red > 200, blue < 60) == (True, True)


async def test_what_is_transparent_stays_so(database: str) -> None:
    held = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 255, 0, 0)).save(held, "PNG")
    found = await clean(held.getvalue())
    assert isinstance(found, bytes)
    with Image.open(io.BytesIO(found)) as opened:
        assert opened.getpixel((1, 1)) == (0, 255, 0, 0)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16", "LA"])
async def test_every_way_of_colour_becomes_one_that_is_shown_everywhere(database: str, mode: str) -> None:
    held = io.BytesIO()
    Image.new("L", (9, 9), "white").convert(mode).save(held, "TIFF")
    found = await clean(held.getvalue())
    assert isinstance(found, bytes)


@pytest.mark.parametrize("broken", pictures.DAMAGED.values(), ids=pictures.DAMAGED)
async def test_of_a_damaged_picture_there_is_none(database: str, broken: Callable[[], bytes]) -> None:
    assert await clean(broken()) == DAMAGED


@pytest.mark.parametrize("size", [(60_000, 60_000), (7_000, 7_000), (2**31 - 1, 1)])
async def test_a_picture_that_would_fill_the_memory_is_not_opened(database: str, size: tuple[int, int]) -> None:
    assert await clean(pictures.bomb(*size)) == TOO_HARD


async def test_what_takes_too_long_is_ended(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\nwhile True: time.sleep(1)")
    monkeypatch.setattr(clean_copies, "_PROGRAM", endless)
    monkeypatch.setattr(clean_copies, "SECONDS", 0.2)
    assert await clean(pictures.jpeg()) == TOO_HARD


async def test_the_program_that_cleans_has_no_key_and_no_environment(database: str, tmp_path: Any) -> None:
    source = (
        f"import sys, os, resource; sys.path.insert(0, {str(picture_cleaner.__file__.rpartition('/')[0])!r})\n"
        "import picture_cleaner; picture_cleaner.limit()\n"
        "limits = [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]\n"
        "print(sorted(os.environ), *limits,"
        "sorted(name for name in sys.modules if name.startswith(('storage', 'handlers', 'bot'))))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", source), env={}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert b"SANAD" not in said
    assert said.split(b"]", 1)[1].decode().split() == [str(picture_cleaner.MEMORY), "0", "[]"]


# ---------------------------------------------------------------- beside the original, in a case


async def test_the_original_is_in_the_case_byte_for_byte_and_its_clean_copy_beside_it(post: Post) -> None:
    original = pictures.jpeg()
    await arrives(post, original)
    await is_in_a_case(post)
    kept = await in_case(post)
    note, content = kept[FILE]
    assert content == original
    assert (note["sha256"], note["mime"], note["clean"]) == (hashlib.sha256(original).hexdigest(), "image/jpeg", MADE)
    ((copy, cleaned),) = copies(kept)
    assert copy["clean_of"] == FILE
    assert (copy["sha256"], copy["size"]) == (hashlib.sha256(cleaned).hexdigest(), len(cleaned))
    assert not [canary for canary in pictures.CANARIES if canary in cleaned]


async def test_a_copy_made_after_the_picture_was_bound_is_in_the_case_too(post: Post) -> None:
    await post.wanted([pictures.png()])
    await is_in_a_case(post)
    await post.fetches()
    assert len(copies(await in_case(post))) == 1
    assert (await post.store.read(lambda unit: unit.all("SELECT id FROM files WHERE secret IS NOT NULL"))) == []


async def test_a_large_picture_is_copied_in_as_many_parts_as_it_takes(post: Post) -> None:
    held = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(held, "JPEG", quality=97, exif=pictures.exif())
    await arrives(post, held.getvalue())
    await is_in_a_case(post)
    ((copy, cleaned),) = copies(await in_case(post))
    assert (copy["parts"], copy["size"]) == (-(-len(cleaned) // PART), len(cleaned))
    assert copy["parts"] > 1


async def test_a_picture_that_is_broken_stays_as_it_came_and_its_note_says_that_it_has_no_copy(post: Post) -> None:
    await arrives(post, pictures.DAMAGED["noise"]())
    await is_in_a_case(post)
    kept = await in_case(post)
    assert kept[FILE][1] == pictures.DAMAGED["noise"]()
    assert kept[FILE][0]["clean"] == DAMAGED
    assert copies(kept) == []
    assert await post.letters() == 0


async def test_a_bomb_stays_shut_and_whole(post: Post) -> None:
    await arrives(post, pictures.bomb())
    await is_in_a_case(post)
    kept = await in_case(post)
    assert (kept[FILE][0]["clean"], kept[FILE][1]) == (TOO_HARD, pictures.bomb())


async def test_the_type_is_that_of_the_bytes_whatever_was_claimed(post: Post) -> None:
    await arrives(post, PDF)  # by a handle that claims a JPEG
    await is_in_a_case(post)
    assert (await in_case(post))[FILE][0]["mime"] == "application/pdf"


async def test_a_program_is_not_kept_and_she_is_told_once(post: Post) -> None:
    await arrives(post, b"MZ\x90\0 and so on")
    await is_in_a_case(post)
    note, content = (await in_case(post))[FILE]
    assert (note["why"], content) == ("not taken: program", b"")
    assert await post.letters() == 1


async def test_a_copy_left_half_made_gives_way_to_a_whole_one(post: Post) -> None:
    await post.wanted([pictures.jpeg()])
    half = files.FileNote(99, "photo", b"h" * 32, clean_of=FILE)
    await post.store.write(files.begin_copy, half)
    await post.store.write(files.put_part, 99, 0, FileKey(99, b"h" * 32).seal_part(0, b"half"))
    await post.fetches()
    await is_in_a_case(post)
    ((copy, _),) = copies(await in_case(post))
    assert copy["file"] != 99
    assert (await rows(post))[0] == 2


# ---------------------------------------------------------------- what goes with it


async def test_giving_up_the_draft_s_file_gives_up_its_copy(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    assert await rows(post) == (2, 2)
    await post.store.write(files.destroy, [FILE])
    assert await rows(post) == (0, 0)


async def test_so_does_the_end_of_the_draft_and_the_end_of_the_case(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await post.store.write(files.destroy_drafts, HER)
    assert await rows(post) == (0, 0)


async def test_deleting_the_case_deletes_both(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await is_in_a_case(post)
    await post.store.write(lambda unit: unit.do("DELETE FROM cases"))
    assert await rows(post) == (0, 0)


async def test_a_draft_given_up_while_its_copy_is_made_leaves_nothing(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await post.store.write(files.destroy, [FILE])
    await post.store.write(files.begin_copy, files.FileNote(99, "photo", b"h" * 32, clean_of=FILE))
    assert await rows(post) == (0, 0)


# ---------------------------------------------------------------- the clean copy only


async def kept_clean(post: Post) -> None:
    """Of the original nothing is left, its copy is whole, and the case says why."""
    kept = await in_case(post)
    note, content = kept[FILE]
    assert (note["why"], content) == (CLEAN_ONLY, b"")
    ((_, cleaned),) = copies(kept)
    with Image.open(io.BytesIO(cleaned)) as opened:
        opened.load()
    assert await rows(post) == (2, 1)


async def test_before_it_was_fetched_she_may_wish_for_the_copy_alone(post: Post) -> None:
    await post.wanted([pictures.jpeg()])
    await wishes(post)
    await is_in_a_case(post)
    await post.fetches()
    await kept_clean(post)


async def test_she_may_wish_so_while_it_is_in_her_draft(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await wishes(post)
    assert await rows(post) == (2, 1)
    await is_in_a_case(post)
    await kept_clean(post)


async def test_the_key_of_an_original_that_she_did_not_want_is_sealed_nowhere(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    secret = (await post.store.read(files.note, FILE)).secret  # type: ignore[union-attr]
    await wishes(post)
    assert (await post.store.read(files.note, FILE)).secret == b""  # type: ignore[union-attr]
    await is_in_a_case(post)
    sealed = await post.store.read(stored_cases.sealed_case, CODE)
    assert sealed is not None
    assert [key.secret for key in read_case(sealed, 1, SEED).file_keys.values() if key.secret == secret] == []


async def test_she_may_wish_so_when_it_is_in_a_case_already(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await is_in_a_case(post)
    await wishes(post)
    await wishes(post)
    await kept_clean(post)
    assert await post.letters() == 0


async def uncleaned(post: Post) -> None:
    kept = await in_case(post)
    assert (kept[FILE][0]["why"], kept[FILE][1], copies(kept)) == (UNCLEAN, b"", [])
    assert (await rows(post))[1] == 0
    assert await post.letters() == 1


@pytest.mark.parametrize("order", [("wish", "fetch", "bind"), ("fetch", "wish", "bind"), ("fetch", "bind", "wish")])
async def test_what_can_not_be_cleaned_is_not_kept_and_she_is_told_once(post: Post, order: Sequence[str]) -> None:
    await post.wanted([pictures.DAMAGED["noise"]()])
    steps = {"wish": lambda: wishes(post), "fetch": post.fetches, "bind": lambda: is_in_a_case(post)}
    for step in order:
        await steps[step]()
    await wishes(post)
    await uncleaned(post)


async def test_nothing_is_said_of_it_while_she_is_not_to_be_written_to(post: Post) -> None:
    await arrives(post, pictures.DAMAGED["noise"]())
    await post.store.write(people.remember, HER, Person(locked=True))
    await wishes(post)
    assert await post.letters() == 0


@pytest.mark.parametrize("bound", [False, True])
async def test_what_is_no_picture_stays_as_it_is(post: Post, bound: bool) -> None:
    await arrives(post, PDF)
    if bound:
        await is_in_a_case(post)
    await wishes(post)
    if not bound:
        await is_in_a_case(post)
    assert (await in_case(post))[FILE][1] == PDF


async def test_nobody_destroys_another_s_originals(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await wishes(post, person=HER + 1)
    assert await rows(post) == (2, 2)


async def test_the_database_holds_nothing_of_what_a_picture_tells(post: Post) -> None:
    await arrives(post, pictures.jpeg())
    await is_in_a_case(post)
    dumped = await post.store.read(lambda unit: unit.all("SELECT * FROM files JOIN file_parts ON file_id = files.id"))
    held = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in dumped for value in row)
    assert held
    assert not [canary for canary in pictures.CANARIES if canary in held]
