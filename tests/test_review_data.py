"""Attacks on deleting, retention, files and receipts: what a reviewer found, and what must not come back.

Each test is named by what it would do to a woman if it failed.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from flows.core import Person, Said, Talk
from handlers import destroying, her_data, other_chats, own_words, picture_cleaner, retained
from handlers.channel import Handle, Inbound
from handlers.clean_copies import TOO_HARD, clean
from handlers.draw import World
from storage import attest, cases, chats, files, outbox, people, words
from storage.attest import NoReceipt, Receipt
from storage.outbox import Lane
from storage.people import Known
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault
from tests import pictures
from tests.handlers.test_destroying import ADDRESS, CODE, NUMBER, Hers, hers
from tests.handlers.test_media import FILE, HER, NOON, RULES, Post

__all__ = ["hers"]
_LATER = 30
DAY = timedelta(days=1)


async def destroys_her(post: Post, number: int = HER) -> None:
    """Everything about her is destroyed, as she wanted."""

    def act(unit: Unit, world: World) -> None:
        facts, index = people.facts(unit, number), people.index_of(unit, number)
        assert facts is not None
        assert index is not None
        destroying.everything(unit, Known(number, index, facts, Talk(), lapsed=False), world)

    await post.store.write(act, post.world())


async def left_of_files(store: Store) -> list[tuple[int, bool]]:
    """Every file that is still here with parts or a key that the server could open: its number, whether by the key."""
    sql = """SELECT id, secret FROM files WHERE secret IS NOT NULL
        OR EXISTS (SELECT 1 FROM file_parts WHERE file_id = files.id) ORDER BY id"""
    return [(number, secret is not None) for number, secret in await store.read(lambda unit: unit.all(sql))]


# ---------------------------------------------------------------- files on their way


class Meanwhile:
    """A platform that is just handing a file out when she has everything destroyed."""

    def __init__(self, post: Post, pieces: list[bytes], after: int) -> None:
        self.post, self.pieces, self.after = post, pieces, after

    async def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        del handle
        for number, piece in enumerate(self.pieces):
            if number == self.after:
                await destroys_her(self.post)
            yield piece


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_file_that_was_on_its_way_when_everything_was_destroyed_is_kept_nowhere(store: Store) -> None:
    post = Post(store)
    pieces = [b"OggS" + b"a" * files_part(), b"b" * files_part(), b"c"]
    await post.wanted(list(pieces))
    post.shelf.fetch = Meanwhile(post, pieces, 1).fetch  # type: ignore[method-assign]
    await post.fetches()
    assert await left_of_files(store) == []
    await post.fetches()
    rows = await store.read(lambda unit: unit.all("SELECT id FROM files"))
    assert rows == [], "and its row goes with what was at the platform"


def files_part() -> int:
    from storage.seal import PART  # noqa: PLC0415 - beside its use

    return PART


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_picture_that_was_being_cleaned_when_everything_was_destroyed_leaves_no_copy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(store)
    await post.wanted([pictures.jpeg()])

    async def slowly(original: bytes | bytearray) -> bytes | str:
        await destroys_her(post)
        return await clean(original)

    monkeypatch.setattr("handlers.clean_copies.clean", slowly)
    await post.fetches()
    assert await left_of_files(store) == [], "her picture would lie here with a key that the server can open"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_she_gives_up_before_it_was_fetched_is_deleted_at_the_platform_all_the_same(store: Store) -> None:
    post = Post(store)
    await post.wanted([b"OggS"], delete="MM1/ME1")
    await store.write(files.destroy, [FILE])
    assert await left_of_files(store) == []
    await post.fetches()
    assert post.shelf.discarded == ["MM1/ME1"]
    assert await store.read(lambda unit: unit.all("SELECT id FROM files")) == []


# ---------------------------------------------------------------- letters on their way


async def test_a_letter_that_could_not_leave_before_she_was_destroyed_does_not_follow_her(hers: Hers) -> None:
    claimed = await hers.store.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 10, hers.room.now)
    assert claimed
    await hers.has_all_destroyed()
    again = [outbox.settled(one.id, "waiting", due_at=hers.room.now) for one in claimed]
    await hers.store.write(outbox.settle, again)
    waiting = await hers.store.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 10, hers.room.now)
    assert [one.key for one in waiting] == []
    assert await hers.count("letters", "body IS NOT NULL AND channel = 'whatsapp'") == 0


async def test_a_wrong_code_of_hers_leaves_no_index_of_her_address(hers: Hers) -> None:
    wrong = Inbound("whatsapp", "SM9", ADDRESS, Said("KA2-2A2"))
    assert not await hers.store.write(other_chats.hear, await hers.known(), wrong, hers.room.world())
    assert await hers.count("throttles") == 1
    await hers.has_all_destroyed()
    kept = await hers.store.read(lambda unit: unit.all("SELECT key FROM throttles"))
    who = people.who("whatsapp", ADDRESS)
    indexes = await hers.store.read(lambda unit: [*unit.vault.indexes(who), *unit.vault.indexes(f"chat-code:{who}")])
    assert [key for (key,) in kept if bytes(key) in indexes] == []


# ---------------------------------------------------------------- her other chat


OTHER_CHAT = 8_000_000_124


async def has_another_chat(hers: Hers) -> None:
    """Her words were set here; the other chat listens for them as well."""

    def act(unit: Unit) -> None:
        words.put(unit, NUMBER, "safe", own_words.stretch("lemon", NUMBER), hers.room.now)
        mine = people.facts(unit, NUMBER)
        assert mine is not None
        people.remember(unit, NUMBER, replace(mine, words=("safe",)))
        people.meet(unit, OTHER_CHAT, "telegram", "4711")
        people.remember(unit, OTHER_CHAT, Person("ar", welcomed=True, words=("safe",), locked=True))
        people.keep_talk(unit, OTHER_CHAT, Talk(), hers.room.now, None)
        chats.join(unit, NUMBER, OTHER_CHAT)

    await hers.store.write(act)


async def test_deleting_this_chat_does_not_lock_her_out_of_the_other_for_good(hers: Hers) -> None:
    await has_another_chat(hers)
    await hers.has_all_destroyed()
    other = await hers.store.read(people.facts, OTHER_CHAT)
    assert other is not None
    assert other.words == (), "no word that is kept would ever open it again"


async def test_a_chat_that_is_silent_is_not_forgotten_while_her_other_one_is_alive(hers: Hers) -> None:
    """Her words may lie with it, and a check-in asks her there too."""
    await has_another_chat(hers)

    def act(unit: Unit) -> None:
        unit.do("DELETE FROM cases")
        unit.do("UPDATE talks SET heard_at = 1 WHERE person_id = :id", {"id": NUMBER})

    await hers.store.write(act)
    await hers.store.write(retained.sweep, hers.room.world())
    assert await hers.store.read(people.facts, NUMBER) is not None
    await hers.store.write(lambda unit: unit.do("UPDATE talks SET heard_at = 1"))
    tomorrow = replace(hers.room.world(), now=hers.room.now + DAY)
    await hers.store.write(retained.sweep, tomorrow)
    assert await hers.store.read(people.facts, NUMBER) is None, "both silent: both go"
    assert await hers.store.read(people.facts, OTHER_CHAT) is None


# ---------------------------------------------------------------- receipts


def test_a_receipt_has_one_spelling_alone(vault: Vault) -> None:
    line = attest.spell(Receipt(b"f" * 32, 1, NOON, NOON), vault)
    keys = vault.attesting_keys()
    assert attest.read(line, keys).entries == 1
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = []
    for letter in alphabet:
        try:
            attest.read(line[:-1] + letter, keys)
        except (NoReceipt, attest.NotSigned):
            continue
        accepted.append(letter)
    assert accepted == [line[-1]]


# ---------------------------------------------------------------- pictures


def deep() -> bytes:
    """Half dark, half bright, in 16 bits a point, as some scanners and phones save it."""
    row = b"".join((2000 if x < 32 else 60000).to_bytes(2, "little") for x in range(64))
    made = Image.frombytes("I;16", (64, 32), row * 32)
    held = io.BytesIO()
    made.save(held, "PNG")
    return held.getvalue()


async def test_what_a_picture_of_sixteen_bits_shows_is_in_its_clean_copy() -> None:
    made = await clean(deep())
    assert not isinstance(made, str)
    with Image.open(io.BytesIO(made)) as opened:
        dark, bright = (opened.convert("L").getpixel(at) for at in ((8, 16), (56, 16)))
    assert dark < 60, dark  # type: ignore[operator]
    assert bright > 180, bright  # type: ignore[operator]


# ---------------------------------------------------------------- evidence that only she can take back


async def test_evidence_whose_time_went_by_can_still_be_taken_back_and_deleted_by_her(hers: Hers) -> None:
    def close(unit: Unit) -> None:
        case = cases.by_code(unit, CODE)
        assert case is not None
        cases.put_facets(unit, case.id, msgspec.structs.replace(case.facets, documented=True))
        cases.put_status(unit, case.id, "closed")
        cases.note_closed(unit, case.id, hers.room.now)

    await hers.store.write(close)
    hers.room.now += RULES.retention.closed_case * 2
    await hers.store.write(retained.sweep, hers.room.world())
    held = await hers.store.read(her_data.held, await hers.known(), hers.room.world())
    assert [one.code for one in held.reports if one.documented] == [CODE], "she sees it still"
    await hers.has_all_destroyed()
    assert await hers.store.read(cases.by_code, CODE) is None


async def test_a_cleaner_that_never_stops_writing_does_not_fill_our_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "flood.py"
    program.write_text("import sys\nwhile True:\n    sys.stdout.buffer.write(b'\\xff\\xd8\\xff' * 100_000)\n")
    monkeypatch.setattr("handlers.clean_copies._PROGRAM", program)
    monkeypatch.setattr("handlers.clean_copies.LARGEST", 1_000_000)
    assert await clean(b"x" * 5_000_000) == TOO_HARD


async def test_whoever_breaks_into_the_cleaner_opens_no_file_and_no_connection(tmp_path: Path) -> None:
    tried = f"""
import sys, socket, os
sys.path.insert(0, {str(Path(picture_cleaner.__file__).parent)!r})
import picture_cleaner
picture_cleaner.limit()
done = []
for name in ("/proc/%d/environ" % os.getppid(), "/etc/hostname", {str(tmp_path / "new")!r}):
    try:
        os.open(name, os.O_RDONLY | os.O_CREAT)
        done.append(name)
    except OSError:
        pass
try:
    socket.socket()
    done.append("socket")
except OSError:
    pass
print(done)
"""
    program = tmp_path / "tried.py"
    program.write_text(tried)
    process = await asyncio.create_subprocess_exec(sys.executable, str(program), stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert (process.returncode, said) == (0, b"[]\n")
