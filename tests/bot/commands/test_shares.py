"""Paper shares: any k open the key and fewer open nothing; whatever is mistyped, she is told where."""

import stat
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import share_page, shares
from bot.commands.outcome import WrongWords
from bot.commands.recovery_file import shown
from storage import readers
from storage.seal import public_key
from tests.bot.commands.conftest import Sanad

SEED = bytes(range(32))
VECTOR = (
    "theory painting academic academic armed sweater year military elder discuss acne wildlife boring employer fused "
    "large satoshi bundle carbon diagnose anatomy hamster leaves tracks paces beyond phantom capital marvel lips brave "
    "detect luck"
)
"""A share of the SLIP's own test vectors (256 bits, one of one)."""


@pytest.fixture(scope="module")
def made() -> list[shares.PaperShare]:
    return shares.split(SEED, 2, 3)


def said(text: str) -> str:
    with pytest.raises(WrongWords) as error:
        shares.read(text)
    return str(error.value)


def test_any_two_of_three_open_the_key(made: list[shares.PaperShare]) -> None:
    assert [shares.join(list(two)) for two in combinations(made, 2)] == [SEED] * 3


def test_one_alone_says_how_many_are_missing(made: list[shares.PaperShare]) -> None:
    with pytest.raises(WrongWords, match="1 of 2 shares are there"):
        shares.join(made[:1])


def test_a_share_of_the_standard_s_own_vectors_is_read() -> None:
    assert shares.read(VECTOR).needed == 1


@given(needed=st.integers(2, 16), more=st.integers(0, 14))
@settings(max_examples=8)
def test_every_size_of_a_set_opens(needed: int, more: int) -> None:
    made = shares.split(SEED, needed, min(16, needed + more))
    assert shares.join(made[::-1]) == SEED


@pytest.mark.parametrize("words", ["1/3", "3/2", "2/17", "0/0", "x", "2", "2/3/4", "-2/3"])
def test_how_many_of_how_many_is_looked_at(words: str) -> None:
    with pytest.raises(WrongWords, match="2/3"):
        shares.read_split(words)


def test_a_share_is_read_however_it_is_typed(made: list[shares.PaperShare]) -> None:
    words = made[0].words
    typed = ["  ".join(word.upper() for word in words), "\n".join(word[:4] for word in words), ", ".join(words)]
    assert [shares.read(text) for text in typed] == [made[0]] * 3


def test_a_word_that_is_none_is_named_with_those_nearest(made: list[shares.PaperShare]) -> None:
    words = list(made[0].words)
    words[6] = "acadmic"
    assert "Word 7" in said(" ".join(words))
    assert "academic" in said(" ".join(words))


def test_another_word_of_the_list_is_found_by_its_place_and_not_corrected(made: list[shares.PaperShare]) -> None:
    words = list(made[0].words)
    words[9] = "zero" if words[9] != "zero" else "year"
    found = "The words of this share don't belong together. Word 10 seems to be another one. Look at the paper again."
    assert said(" ".join(words)) == found


def test_two_words_that_changed_places_are_found(made: list[shares.PaperShare]) -> None:
    words = list(made[0].words)
    place = next(at for at in range(5, 30) if words[at] != words[at + 1])
    words[place], words[place + 1] = words[place + 1], words[place]
    assert f"Words {place + 1} and {place + 2}" in said(" ".join(words))


def test_a_missing_word_is_counted(made: list[shares.PaperShare]) -> None:
    assert "has 32 words" in said(" ".join(made[0].words[:-1]))


def test_a_share_of_another_set_is_refused(made: list[shares.PaperShare]) -> None:
    other = shares.split(SEED, 2, 3)
    with pytest.raises(WrongWords, match="another set"):
        shares.join([made[0], other[1]])


def test_the_same_share_twice_counts_once(made: list[shares.PaperShare]) -> None:
    with pytest.raises(WrongWords, match="given already"):
        shares.join([made[0], made[0]])


def test_typing_goes_on_until_there_are_enough_and_says_what_is_wrong(made: list[shares.PaperShare]) -> None:
    lines = iter(["nonsense", " ".join(made[2].words), " ".join(made[2].words), " ".join(made[0].words)])
    remarks: list[str] = []
    assert shares.ask(lambda _prompt: next(lines), remarks.append) == SEED
    assert "Word 1" in remarks[0]
    assert "Share 3 is right. 1 of 2." in remarks[1]
    assert "given already" in remarks[2]


# ---------------------------------------------------------------- the command


def test_the_key_is_in_the_pages_and_nowhere_else(stored: Sanad) -> None:
    called = stored("keys", "recovery", "--out", "shares", "--shares", "2/3")
    assert called.exit_code == 0, called.output
    folder = stored.folder / "shares"
    assert sorted(path.name for path in folder.iterdir()) == ["share-1.txt", "share-2.txt", "share-3.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    seed = shares.join(share_page.read(folder)[:2])
    known = stored.with_store(lambda store: store.read(readers.recovery))
    assert known is not None
    assert known.public_key == public_key(seed)
    assert shown(known.public_key) in called.stdout
    assert not any(word in called.output for word in [seed.hex(), " ".join(share_page.read(folder)[0].words)])
    kept = [path for path in stored.folder.rglob("*") if path.is_file() and path.parent != folder]
    assert not [path for path in kept if seed in path.read_bytes()]


def test_a_page_says_which_share_it_is_and_what_to_do_in_both_languages(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "shares", "--shares", "2/3")
    page = (sanad.folder / "shares" / "share-2.txt").read_text(encoding="utf-8")
    assert "share 2 of 3" in page
    assert "33. " in page
    assert "This is share 2 of 3" in " ".join(page.split())
    assert "\u0645" in page
    assert max(len(line.strip("\u200f")) for line in page.splitlines()) <= 64


def test_an_existing_folder_is_left_alone(sanad: Sanad) -> None:
    (sanad.folder / "shares").mkdir()
    called = sanad("keys", "recovery", "--out", "shares", "--shares", "2/3")
    assert called.exit_code == 2
    assert list((sanad.folder / "shares").iterdir()) == []
    assert sanad("open", "KTR-4MW", "--key", "x").exit_code == 2


def test_where_it_can_t_be_registered_no_share_is_left(sanad: Sanad) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    sanad.patch.setattr("bot.commands.keys._register", fail)
    assert sanad("keys", "recovery", "--out", "shares", "--shares", "2/3").exit_code == 1
    assert not (sanad.folder / "shares").exists()


def test_a_key_that_lies_in_a_file_is_split(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "key.json")
    called = sanad("keys", "split", "key.json", "--shares", "3/5", "--out", "shares")
    assert called.exit_code == 0, called.output
    seed = shares.join(share_page.read(sanad.folder / "shares")[2:])
    assert shown(public_key(seed)) in Path("key.json").read_text(encoding="utf-8")
    assert "delete it" in called.stderr


def test_a_page_with_a_wrong_word_is_named(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "shares", "--shares", "2/3")
    path = sanad.folder / "shares" / "share-1.txt"
    path.write_text(path.read_text(encoding="utf-8").replace(" 7. ", " 7. zz"), encoding="utf-8")
    with pytest.raises(WrongWords, match=r"share-1\.txt: Word 7"):
        share_page.read(sanad.folder / "shares")
