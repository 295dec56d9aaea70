"""What the server's keys seal opens in its place with a key of the ring; people are found without their address."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chance import random_bytes
from storage.vault import Key, KeysUnusable, Place, Unreadable, Vault, pad, read_ring, unpad, write_key

OLD, NEW = Key("old1", bytes(range(32))), Key("new2", bytes(range(1, 33)))
PLACE = Place("people", "address", "7")
OLD_ALONE = Vault((OLD,), random_bytes)
BOTH = Vault((NEW, OLD), random_bytes)

# Sealed by release 0.1 with OLD and a nonce of zeros, in PLACE, and the blind index of the same release.
KEPT = bytes.fromhex(
    "01046f6c64310000000000000000000000002d74a6c3485c3824e6fd5eb14b0bb59d107a217aa77efa396c5d5eee3042c785"
    "fe01049fea19fa902d68a47ba03b036073cc86f22ce1871486dd50f01a927d281383a1e2bc5e988dcb0884de735eb170"
)
INDEXED = "c8367e8a8b059141af37dc744dd3b6fcaf87343d62fdc0209914e1311bda1838"


def test_what_an_earlier_release_sealed_still_opens() -> None:
    assert OLD_ALONE.open(PLACE, KEPT) == b"+967770000001"


def test_whom_an_earlier_release_knew_is_still_found() -> None:
    assert OLD_ALONE.index("whatsapp:+967770000001").hex() == INDEXED


@given(st.binary(max_size=5000))
def test_what_was_sealed_comes_back_as_it_was(plain: bytes) -> None:
    assert OLD_ALONE.open(PLACE, OLD_ALONE.seal(PLACE, plain)) == plain


@pytest.mark.parametrize(
    "place", [Place("staff", "address", "7"), Place("people", "facts", "7"), Place("people", "address", "8")]
)
def test_it_does_not_open_in_another_place(place: Place) -> None:
    with pytest.raises(Unreadable):
        OLD_ALONE.open(place, OLD_ALONE.seal(PLACE, b"+967770000001"))


@given(st.data())
def test_a_changed_byte_is_noticed_wherever_it_is(data: st.DataObject) -> None:
    sealed = bytearray(OLD_ALONE.seal(PLACE, b"+967770000001"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        OLD_ALONE.open(PLACE, bytes(sealed))


@given(st.binary(max_size=200))
def test_no_bytes_of_nobody_s_making_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        OLD_ALONE.open(PLACE, sealed)


def test_an_error_never_holds_the_value() -> None:
    with pytest.raises(Unreadable) as raised:
        Vault((NEW,), random_bytes).open(PLACE, OLD_ALONE.seal(PLACE, b"+967770000001"))
    assert "967" not in str(raised.value)


class TestRing:
    def test_the_newest_key_writes_and_all_read(self) -> None:
        assert BOTH.open(PLACE, OLD_ALONE.seal(PLACE, b"a")) == b"a"
        with pytest.raises(Unreadable):
            OLD_ALONE.open(PLACE, BOTH.seal(PLACE, b"a"))

    def test_a_key_of_the_same_id_but_other_bytes_does_not_open(self) -> None:
        with pytest.raises(Unreadable):
            Vault((Key("old1", bytes(32)),), random_bytes).open(PLACE, OLD_ALONE.seal(PLACE, b"a"))

    def test_a_person_is_looked_for_under_every_key_the_newest_first(self) -> None:
        assert BOTH.indexes("telegram:1") == (BOTH.index("telegram:1"), OLD_ALONE.index("telegram:1"))

    def test_an_index_is_not_made_with_the_key_that_seals(self) -> None:
        assert len({BOTH.index("telegram:1"), BOTH.index("telegram:2"), BOTH.index("whatsapp:1")}) == 3

    def test_a_ring_is_read_as_it_was_printed(self) -> None:
        assert read_ring(f"{write_key(NEW)}, {write_key(OLD)}") == (NEW, OLD)
        assert read_ring(f"{write_key(NEW)}\n\n{write_key(OLD)}\n") == (NEW, OLD)

    @pytest.mark.parametrize(
        "lines",
        [
            "",
            " , \n",
            "a1",
            "a1:",
            "a1:not base64!",
            ":" + base64.b64encode(bytes(32)).decode(),
            "a b:" + base64.b64encode(bytes(32)).decode(),
            "a1:" + base64.b64encode(bytes(31)).decode(),
            f"{write_key(NEW)},{write_key(NEW)}",
            f"{write_key(NEW)},broken",
        ],
    )
    def test_a_broken_ring_is_refused_whole_with_the_way_to_mend_it(self, lines: str) -> None:
        with pytest.raises(KeysUnusable, match="SANAD_KEYS"):
            read_ring(lines)


class TestPadding:
    @given(st.binary(max_size=70_000))
    def test_it_comes_off_again(self, plain: bytes) -> None:
        assert unpad(pad(plain)) == plain

    @given(st.integers(0, 63))
    def test_everything_short_is_of_one_size(self, length: int) -> None:
        assert len(pad(bytes(length))) == 64

    @given(st.integers(64, 10_000_000))
    def test_it_adds_an_eighth_at_most(self, length: int) -> None:
        assert length < len(pad(bytes(length))) <= max(64, length * 1.125 + 1)

    def test_few_sizes_are_ever_seen(self) -> None:
        assert len({len(pad(bytes(length))) for length in range(10_000)}) <= 101

    @pytest.mark.parametrize("padded", [b"", bytes(64), b"no mark"])
    def test_where_there_is_none_that_is_an_error(self, padded: bytes) -> None:
        with pytest.raises(Unreadable):
            unpad(padded)
