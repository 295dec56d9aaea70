"""What is sealed to a reader opens with her key, in its place and unchanged, and nowhere and never else."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.seal import PART, FileKey, open_with, public_key, seal_to
from storage.vault import Place, Unreadable

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
PUBLIC = public_key(SEED)
PLACE = Place("case_items", "body", "7/8")

# draft-connolly-cfrg-xwing-kem-08, appendix C: seed, and SHA-256 of the public key printed there.
PUBLISHED = [
    (
        "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
        "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb",
    ),
    (
        "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
        "c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916",
    ),
]
# Sealed by release 0.1 to the first seed above, in PLACE.
KEPT = (
    "HaXVbEyJS6p7PMCvZj2caZ9l3QqlhPyOBkDDfYYD0Y497oi8lNcsdxpTw2JU+GkQLXTI8dqiaRqrLh1y0j8GqVMY/LMJauqZCAzMp4oDFFpHeW"
    "L+BIA4WulBuVq1pfEHr3oHgYEwlZuFoMju6iPud78RemIJih1zQjZhBUMZ9+V7bCGnqGnHNcijdFZTXNFgV3lZcFsIRXXyMOPrQMDn0YIUlCEt"
    "kQTzIloJ2dieE7Tg3cDhqkGoWyB021L6snD16MulkXlB/PDYQumst7PvdzeujdpFBse15H3g0olw4J1Kw1jmRUnO4CaVBB3IRt8dVAKueNX6G1"
    "6AFf5/k6hapZezIl59csfkJxf4jTdLmJqBiijts+g6oAAEQvodNauPN5u9jPqVzL9ydPGnhzROYdrwv6LutBbqhSR0o1KOtm+ZKBDDkxR9VtBl"
    "WpqgMaWn5tSexqeoIhc26iTzi+5cT05nGuyWhlgzMVUYc8GSXElf55MMTuPXgnTPCz707JBWOYcyhaczEIg8PJE5R3fautdxk8isACG2PfumzJ"
    "ZXsyYgcvHD3aark/Nz1sBnSAHtjk32CrAWgQLASwReSwkBoK8twn6H2XX1cJcyTnwHfMg7ISyCTPzP+iH7uFQKaKGO2Fp3ctPECqR6w0KQ+FzA"
    "blGQ3pUS9R0yBUZwSKz1gH4TpmrFBmh3TOnGWf7ep4I4aP7yjwIicLUi+XlkbuZNeQ0+DdMt8OXRQxiMBnjY0FR3gxuUXrejPvM096A3WnoiQi"
    "iX6h+CatbUO/nRm1kGC24b+yVMrgEiwIPEIJh3owbTK3mWeoOHWRxiXEhB0iQ2l+zX5gIp5Ozu1OcY2rtzfaUzdIDllIjBZYMiWocf2D4zVOVk"
    "7eVuC9Jdc8A4cmn1zlBTNOcv0oAlCMou3YVh46sMSSnQx2O7NkTWzAaUv1ybvFHQB3V1T7XngScU8/COnpvcJr0XB3EJM0qOyMfjBDVm8yPN1I"
    "PhIpSFISX+M+tUxOZhj6GX01IRax+aXW0OtgLf9mcQZhqFv2WIy6P87ZEn4ZdnomLuwbDQqcrv2qRrDEIrnhqN7jhTsSmbpiKNV+3HrI3Idkyv"
    "f0EgJue7aPZtRS/c8nIegbdoYxeeaFUA3/ihSv+/i9iXYmw2t/tjJvR/uNMp//XYaXaGRpTaCJPmGFW46Gk5wGNeYBzQyoRK4MJDPmmPZS7MN3"
    "OrQDixdeDM+ykWG6oBHue27wRGvmId8OEcQRbH0LmMr8z/QpxhLiSeQ2dsWVDFG1eF1c3E4D/e2vY+zmFZ/576J4gDv23p7Pz5cYelXl+8YtiH"
    "TsPhNdabjfh2NJcguN7Zir6qKjYCXO06W54RERFS4+Y0uOJPQbKotS9U4M+RImerbBW+op1y9g7uVoSLlRbZ9dRyY9DG/EeXm8DOnu6wt0pTqi"
    "tFrFsQpx3dGjxqHrnpB8SZc7SNtR7qowlvmO0pC1a6BTwR6EmdS/KHRhT4ODKkelWrsXgrZnAEo+IyDPnwrqusUYHdBJnugcA2e41T3Mx0K6+0"
    "ZCcuZXdFHbdPN19dC81Pv8vnqERpSf7TRHWBQ5Strw5opDks1IKAvEA4DhgA"
)


@pytest.mark.parametrize(("seed", "digest"), PUBLISHED)
def test_a_seed_expands_to_the_key_that_the_draft_prints(seed: str, digest: str) -> None:
    public = public_key(bytes.fromhex(seed))
    assert len(public) == 1216
    assert hashlib.sha256(public).hexdigest() == digest


def test_what_an_earlier_release_sealed_still_opens() -> None:
    assert open_with(bytes.fromhex(PUBLISHED[0][0]), PLACE, base64.b64decode(KEPT)).decode() == "سند"


@given(st.binary(max_size=2000))
def test_what_was_sealed_comes_back_as_it_was(plain: bytes) -> None:
    assert open_with(SEED, PLACE, seal_to(PUBLIC, PLACE, plain)) == plain


def test_the_same_words_never_look_the_same() -> None:
    assert seal_to(PUBLIC, PLACE, b"help") != seal_to(PUBLIC, PLACE, b"help")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        open_with(OTHER, PLACE, seal_to(PUBLIC, PLACE, b"help"))


@pytest.mark.parametrize(
    "place",
    [Place("case_keys", "body", "7/8"), Place("case_items", "seed", "7/8"), Place("case_items", "body", "7/9")],
)
def test_it_does_not_open_in_another_place(place: Place) -> None:
    with pytest.raises(Unreadable):
        open_with(SEED, place, seal_to(PUBLIC, PLACE, b"help"))


@given(st.data())
def test_a_changed_byte_is_noticed_wherever_it_is(data: st.DataObject) -> None:
    sealed = bytearray(seal_to(PUBLIC, PLACE, b"help"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        open_with(SEED, PLACE, bytes(sealed))


@given(st.binary(max_size=1300))
def test_no_bytes_of_nobody_s_making_open(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        open_with(SEED, PLACE, sealed)


def test_a_short_answer_and_none_are_of_one_size() -> None:
    assert len(seal_to(PUBLIC, PLACE, b"")) == len(seal_to(PUBLIC, PLACE, b"yes, please, as soon as you can"))


class TestFiles:
    key = FileKey(5, bytes(32))

    @given(st.binary(max_size=5000), st.integers(0, 100))
    def test_a_part_comes_back_as_it_was(self, plain: bytes, number: int) -> None:
        assert self.key.open_part(number, self.key.seal_part(number, plain)) == plain

    def test_parts_can_t_change_places(self) -> None:
        with pytest.raises(Unreadable):
            self.key.open_part(1, self.key.seal_part(0, b"photo"))

    def test_a_part_does_not_open_as_another_file_s(self) -> None:
        with pytest.raises(Unreadable):
            FileKey(6, bytes(32)).open_part(0, self.key.seal_part(0, b"photo"))

    def test_another_key_does_not_open_a_part(self) -> None:
        with pytest.raises(Unreadable):
            FileKey(5, bytes(31) + b"1").open_part(0, self.key.seal_part(0, b"photo"))

    def test_a_whole_part_grows_by_its_tag_alone(self) -> None:
        assert len(self.key.seal_part(0, bytes(PART))) == PART + 16
