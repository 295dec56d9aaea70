"""The browser's keeper and the server's sealing are one: what either makes the other opens, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from console.desk import guard
from storage.cases import Item, item_place, seed_place
from storage.coding import decode
from storage.seal import PART, FileKey, open_with, public_key, seal_to
from storage.vault import Place, pad
from tests.console.preview_browser import start_browser
from tests.desk.keeper_page import Keeper, KeeperSaysNo, b64, part, serving
from tests.desk.staff import derive, unwrap, wrap
from tests.storage.test_seal import KEPT, PUBLISHED

pytestmark = pytest.mark.browser

STAFF, READER, OTHER, CASE, NUMBER = 3 << 60, (1 << 62) - 1, 4_000_000_000_000_000_003, 2**61 + 7, 2**60 + 9
SALT = bytes(range(16))
HERS, CASES, COLLEAGUE = bytes(range(32)), bytes(range(7, 39)), bytes(range(50, 82))
PASSPHRASE = "قارب وغيمة وثلاث نخلات"
ITEMS = [{"kind": "note", "at": "2026-11-22T09:00:00Z", "content": {"text": "هددها قرب السوق ﷺ 🌙"}}]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_browser(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(20_000)
    yield page
    page.close()


@pytest.fixture
def keeper(page: Page, address: str) -> Keeper:
    return Keeper(page, address)


@pytest.fixture
def opened(keeper: Keeper) -> Keeper:
    """The keeper with her key and the key of one case."""
    keeper("derive", passphrase=PASSPHRASE, salt=b64(SALT))
    keeper("unwrap", wrapped=b64(wrap(derive(PASSPHRASE, SALT).wrapping, HERS, STAFF)), staff=str(STAFF))
    keeper("openShares", caseNumber=str(CASE), reader=str(READER), shares={1: shared(1, CASES)})
    return keeper


def shared(epoch: int, seed: bytes) -> str:
    return b64(seal_to(public_key(HERS), seed_place(CASE, epoch, READER), seed))


def item(body: bytes, number: int = NUMBER) -> str:
    return b64(seal_to(public_key(CASES), item_place(CASE, number), body))


class TestPassphrases:
    @pytest.mark.parametrize("typed", [PASSPHRASE, "ﻻ ﺷﻲء يشبه الاخر", "cafe\u0301 Ⅳ ﬁn", " two  spaces "])
    def test_a_passphrase_becomes_the_same_keys_as_in_python_however_it_was_typed(
        self, keeper: Keeper, typed: str
    ) -> None:
        expected = derive(typed, SALT)
        for way in (typed, unicodedata.normalize("NFKD", typed)):
            assert keeper("derive", passphrase=way, salt=b64(SALT)) == {"login": b64(expected.login)}
            wrapped = base64.b64decode(keeper("makeKey", staff=str(STAFF))["wrapped"])
            assert len(unwrap(expected.wrapping, wrapped, STAFF)) == 32

    def test_a_new_key_s_public_half_fits_what_was_wrapped(self, keeper: Keeper) -> None:
        keeper("derive", passphrase=PASSPHRASE, salt=b64(SALT))
        made = keeper("makeKey", staff=str(STAFF))
        seed = unwrap(derive(PASSPHRASE, SALT).wrapping, base64.b64decode(made["wrapped"]), STAFF)
        assert made["public"] == b64(public_key(seed))

    def test_a_changed_passphrase_opens_the_same_key(self, opened: Keeper) -> None:
        opened("derive", passphrase="another one", salt=b64(SALT))
        wrapped = base64.b64decode(opened("rewrap", staff=str(STAFF)))
        assert unwrap(derive("another one", SALT).wrapping, wrapped, STAFF) == HERS

    def test_under_duress_a_key_of_the_same_shape_opens_that_is_not_hers(self, opened: Keeper) -> None:
        opened("derive", passphrase="the forced one", salt=b64(SALT))
        decoy = base64.b64decode(opened("decoy", staff=str(STAFF)))
        assert len(decoy) == len(wrap(bytes(32), HERS, STAFF))
        assert unwrap(derive("the forced one", SALT).wrapping, decoy, STAFF) != HERS

    def test_another_passphrase_or_another_person_s_number_does_not_open_her_key(self, keeper: Keeper) -> None:
        wrapped = b64(wrap(derive(PASSPHRASE, SALT).wrapping, HERS, STAFF))
        keeper("derive", passphrase=PASSPHRASE, salt=b64(SALT))
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            keeper("unwrap", wrapped=wrapped, staff=str(STAFF + 1))
        keeper("derive", passphrase=PASSPHRASE + "!", salt=b64(SALT))
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            keeper("unwrap", wrapped=wrapped, staff=str(STAFF))

    def test_what_a_passphrase_became_is_of_use_once(self, opened: Keeper) -> None:
        with pytest.raises(KeeperSaysNo, match="Locked"):
            opened("rewrap", staff=str(STAFF))

    def test_a_new_salt_is_sixteen_fresh_bytes(self, keeper: Keeper) -> None:
        one, other = keeper("newSalt"), keeper("newSalt")
        assert one != other
        assert len(base64.b64decode(one)) == 16

    @pytest.mark.parametrize("language", ["ar", "en"])
    def test_a_proposed_passphrase_has_seven_words_and_counts_as_good(
        self, keeper: Keeper, page: Page, address: str, language: str
    ) -> None:
        proposed = [keeper("propose", language=language) for _ in range(20)]
        assert {len(phrase.split()) for phrase in proposed} == {7}
        code = "({ strength }, all) => all.map((one) => strength(one).level)"
        assert min(part(page, address, "desk/strength.js", code, proposed)) >= 3

    @pytest.mark.parametrize(("file", "name"), [("words_ar.js", "ARABIC"), ("words_en.js", "ENGLISH")])
    def test_each_list_has_1024_words_that_are_typed_in_one_way(
        self, page: Page, address: str, file: str, name: str
    ) -> None:
        words = part(page, address, f"keeper/{file}", f"(list) => list.{name}").split(" ")
        assert len(words) == len(set(words)) == 1024
        assert all(word.isalpha() and 2 <= len(word) <= 10 for word in words)
        assert not set("أإآؤئءى").intersection("".join(words))
        assert all(unicodedata.normalize("NFKC", word) == word for word in words)


class TestStrength:
    weak = (
        *("aaaaaaaaaaaaaaaa", "password1234", "123456789012345", "محمد محمد محمد محمد", "qwertyuiop1990"),
        *("كلمة السر 2024", "abcabcabcabcabcabc", "ضصثقفغعهخحج 12", "ahmed yemen 2011", "Password2024!!"),
    )
    fair = ("kT7$mq2!xZ9p", "قارب وغيمة وثلاث نخلات", "correct horse battery staple", "نافذة تحت مطر المساء القديم")

    def levels(self, page: Page, address: str, phrases: tuple[str, ...]) -> dict[str, int]:
        code = "({ strength }, all) => all.map((one) => strength(one).level)"
        return dict(zip(phrases, part(page, address, "desk/strength.js", code, phrases), strict=True))

    def test_what_everybody_tries_first_is_not_accepted(self, page: Page, address: str) -> None:
        assert {phrase for phrase, level in self.levels(page, address, self.weak).items() if level >= 2} == set()

    def test_four_words_or_twelve_mixed_signs_will_do(self, page: Page, address: str) -> None:
        assert {phrase for phrase, level in self.levels(page, address, self.fair).items() if level < 2} == set()

    def test_eleven_signs_are_too_short_whatever_they_are(self, page: Page, address: str) -> None:
        assert self.levels(page, address, ("kT7$mq2!xZ9", "")) == {"kT7$mq2!xZ9": 0, "": 0}


class TestSealing:
    def test_a_seed_expands_to_the_key_that_the_draft_prints(self, page: Page, address: str) -> None:
        code = """async ({ publicKey }, seeds) => {
            const keys = await Promise.all(seeds.map((seed) => publicKey(Uint8Array.from(seed))));
            return keys.map((key) => [...key]);
        }"""
        keys = part(page, address, "keeper/sealing.js", code, [list(bytes.fromhex(seed)) for seed, _ in PUBLISHED])
        assert [hashlib.sha256(bytes(key)).hexdigest() for key in keys] == [digest for _, digest in PUBLISHED]

    def test_what_release_0_1_sealed_opens_in_the_browser(self, page: Page, address: str) -> None:
        code = """async ({ privateKey, openWith }, [seed, place, sealed]) => {
            const [key, bytes] = [await privateKey(Uint8Array.from(seed)), (list) => Uint8Array.from(list)];
            return new TextDecoder().decode(await openWith(key, bytes(place), bytes(sealed)));
        }"""
        given = [bytes.fromhex(PUBLISHED[0][0]), Place("case_items", "body", "7/8").bound(), base64.b64decode(KEPT)]
        assert part(page, address, "keeper/sealing.js", code, [list(value) for value in given]) == "سند"

    def test_what_the_server_sealed_opens_in_the_browser(self, opened: Keeper) -> None:
        body = item(json.dumps(ITEMS, ensure_ascii=False).encode())
        assert opened("openItem", caseNumber=str(CASE), epoch=1, number=str(NUMBER), body=body) == ITEMS

    def test_what_the_browser_sealed_opens_on_the_server_as_an_item(self, opened: Keeper) -> None:
        values = {"publicKey": b64(public_key(CASES)), "number": str(NUMBER), "items": ITEMS}
        sealed = base64.b64decode(opened("sealItem", caseNumber=str(CASE), **values))
        (read,) = decode(open_with(CASES, item_place(CASE, NUMBER), sealed), list[Item])
        assert read.content == ITEMS[0]["content"]

    def test_a_note_is_not_sealed_to_a_key_that_is_not_the_case_s(self, opened: Keeper) -> None:
        case = {"caseNumber": str(CASE), "epoch": 1, "number": str(NUMBER), "items": ITEMS}
        assert opened("sealItem", **case, publicKey=b64(public_key(CASES)))
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            opened("sealItem", **case, publicKey=b64(public_key(COLLEAGUE)))

    def test_what_was_sealed_for_one_number_does_not_open_as_another(self, opened: Keeper) -> None:
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            opened("openItem", caseNumber=str(CASE), epoch=1, number=str(NUMBER + 1), body=item(b"[]"))

    def test_a_changed_byte_is_noticed(self, opened: Keeper) -> None:
        sealed = bytearray(base64.b64decode(item(b"[]")))
        for at in (0, 1119, 1120, len(sealed) - 1):
            changed = bytearray(sealed)
            changed[at] ^= 1
            with pytest.raises(KeeperSaysNo, match="Unreadable"):
                opened("openItem", caseNumber=str(CASE), epoch=1, number=str(NUMBER), body=b64(bytes(changed)))

    def test_a_later_epoch_opens_with_its_own_share_alone(self, opened: Keeper) -> None:
        body = b64(seal_to(public_key(COLLEAGUE), item_place(CASE, NUMBER), b"[]"))
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            opened("openItem", caseNumber=str(CASE), epoch=2, number=str(NUMBER), body=body)
        shares = {1: shared(1, CASES), 2: shared(2, COLLEAGUE)}
        assert opened("openShares", caseNumber=str(CASE), reader=str(READER), shares=shares) == ["1", "2"]
        assert opened("openItem", caseNumber=str(CASE), epoch=2, number=str(NUMBER), body=body) == []

    @pytest.mark.parametrize("epoch", [1, 2])
    def test_a_case_s_key_resealed_in_the_browser_opens_with_her_colleague_s(self, opened: Keeper, epoch: int) -> None:
        opened("openShares", caseNumber=str(CASE), reader=str(READER), shares={2: shared(2, CASES)})
        values = {"epoch": epoch, "reader": str(OTHER), "publicKey": b64(public_key(COLLEAGUE))}
        sealed = base64.b64decode(opened("reseal", caseNumber=str(CASE), **values))
        assert open_with(COLLEAGUE, seed_place(CASE, epoch, OTHER), sealed) == CASES

    def test_without_a_key_nothing_opens_seals_or_is_shared(self, keeper: Keeper) -> None:
        case = {"caseNumber": str(CASE), "epoch": 1, "number": str(NUMBER), "reader": str(READER)}
        public = b64(public_key(CASES))
        asked: list[tuple[str, dict[str, Any]]] = [
            ("openShares", {"shares": {}}),
            ("openItem", {"body": item(b"[]")}),
            ("sealItem", {"publicKey": public, "items": []}),
            ("reseal", {"publicKey": public}),
            ("openPart", {"file": "5", "secret": b64(bytes(32)), "part": 0, "body": ""}),
            ("rewrap", {"staff": str(STAFF)}),
            ("makeKey", {"staff": str(STAFF)}),
        ]
        for act, values in asked:
            with pytest.raises(KeeperSaysNo, match="Locked"):
                keeper(act, **case, **values)

    def test_padding_is_the_same_for_every_size(self, page: Page, address: str) -> None:
        around = [size + more for size in (2**14, 2**17, 10**6, 2**22) for more in range(-2, 3)]
        sizes = [*range(3000), *around]
        padded = part(page, address, "keeper/padding.js", "({ padded }, sizes) => sizes.map(padded)", sizes)
        assert padded == [len(pad(bytes(size))) for size in sizes]

    def test_large_numbers_in_a_case_are_not_rounded_and_words_are_left_alone(self, opened: Keeper) -> None:
        quoted = 'she wrote "1234567890123456789", \\ and 9999999999999999999'
        content = {"file": 4611686018427387903, "small": 12, "real": 1.5, "text": quoted, "below": -4611686018427387904}
        body = item(json.dumps([{"content": content}]).encode())
        (read,) = opened("openItem", caseNumber=str(CASE), epoch=1, number=str(NUMBER), body=body)
        large = {"file": "4611686018427387903", "below": "-4611686018427387904"}
        assert read["content"] == content | large

    def test_a_new_number_has_62_bits(self, keeper: Keeper) -> None:
        numbers = {int(keeper("newNumber")) for _ in range(50)}
        assert len(numbers) == 50
        assert all(0 < number < 2**62 for number in numbers)
        assert max(numbers) > 2**56


class TestFiles:
    key = FileKey(2**61 + 3, bytes(range(32)))

    def part(self, keeper: Keeper, number: int, sealed: bytes) -> bytes:
        values = {"file": str(self.key.file), "secret": b64(self.key.secret), "part": number, "body": b64(sealed)}
        return bytes(keeper("openPart", **values))

    def test_the_parts_of_a_file_open(self, opened: Keeper) -> None:
        for number, plain in enumerate((bytes(PART), b"the last", b"")):
            assert self.part(opened, number, self.key.seal_part(number, plain)) == plain

    def test_parts_can_t_change_places(self, opened: Keeper) -> None:
        with pytest.raises(KeeperSaysNo, match="Unreadable"):
            self.part(opened, 1, self.key.seal_part(0, b"photo"))

    def test_a_file_without_its_last_part_is_refused(self, opened: Keeper) -> None:
        code = """async ({ joinFile }, sha256) => {
            const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
            const whole = await joinFile(parts, sha256);
            return [[...whole], await joinFile([parts[0]], sha256).catch((error) => error.name)];
        }"""
        address = opened.page.url.rstrip("/")
        digest = hashlib.sha256(bytes([1, 2, 3])).hexdigest()
        assert part(opened.page, address, "keeper/files.js", code, digest) == [[1, 2, 3], "Unreadable"]


class TestPolicy:
    def test_the_worker_may_compile_webassembly_and_the_page_may_not(self, keeper: Keeper) -> None:
        assert keeper("derive", passphrase=PASSPHRASE, salt=b64(SALT))
        empty = "WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(() => 'compiled', (e) => e.name)"
        assert keeper.page.evaluate(empty) == "CompileError"

    def test_only_the_worker_s_own_answer_allows_it(self, page: Page, address: str) -> None:
        policies = {
            file: page.request.get(f"{address}/desk/static/{file}").headers["content-security-policy"]
            for file in ("keeper.js", "desk.js", "desk.css")
        }
        assert {file for file, policy in policies.items() if "wasm-unsafe-eval" in policy} == {"keeper.js"}
        assert "wasm-unsafe-eval" not in guard.HEADERS["Content-Security-Policy"]
        assert "unsafe-inline" not in "".join(policies.values())

    def test_the_seed_comes_out_of_no_answer(self, opened: Keeper) -> None:
        """Each act of the worker is asked; neither her seed nor the case's is in what it says."""
        public, staff = b64(public_key(CASES)), str(STAFF)
        values = {"caseNumber": str(CASE), "epoch": 1, "number": str(NUMBER), "reader": str(READER), "staff": staff}
        values |= {"publicKey": public, "items": [], "shares": {1: shared(1, CASES)}, "body": item(b"[]")}
        acts = ("openShares", "openItem", "sealItem", "reseal", "rewrap", "decoy")
        said = ""
        for act in acts:
            derived = opened("derive", passphrase=PASSPHRASE, salt=b64(SALT))
            said += json.dumps([derived, opened(act, **values)])
        wrapping = derive(PASSPHRASE, SALT).wrapping
        for secret in (HERS, CASES, wrapping):
            assert b64(secret) not in said
            assert str(list(secret)) not in said
