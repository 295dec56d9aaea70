"""Splits a recovery key into paper shares (SLIP-39), and joins as many as it takes; says what is wrong with a share.

It keeps no key: what it joins lives as long as the command, and what it splits is in the pages and nowhere else.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP, WORDLIST

from bot.commands.outcome import WrongWords
from messages.arabic import strip_controls
from storage.seal import SEED

WORDS = 33
"""Words of a share: 256 bits, what set it belongs to, and a check sum."""
SHARES_MOST = 16
_UNIQUE = 4
"""Letters by which each word of the list is known."""
_SPLIT = re.compile(r"([1-9][0-9]?)\s*/\s*([1-9][0-9]?)")
_NUMBERED = re.compile(r"\b(\d{1,2})\.[ \t]+([A-Za-z]+)")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class PaperShare:
    """One share: its number on paper, of which set, and how many of that set open it. `words` is a secret."""

    number: int
    group: str
    """Two words that all shares of one set begin with."""
    needed: int
    words: tuple[str, ...] = field(repr=False)


def read_split(words: str) -> tuple[int, int]:
    """How many of how many, from `2/3`. Raises `WrongWords`."""
    found = _SPLIT.fullmatch(words.strip())
    needed, count = map(int, found.groups()) if found else (0, 0)
    if not 2 <= needed <= count <= SHARES_MOST:  # noqa: PLR2004 - one share alone would be the key itself
        raise WrongWords(
            f"--shares wants how many of how many, such as 2/3: at least 2 are needed, at most {SHARES_MOST} are made."
        )
    return needed, count


def split(seed: bytes, needed: int, count: int) -> list[PaperShare]:
    """Make shares, any `needed` of which give the seed back. Each set is drawn anew: two sets don't mix."""
    (made,) = generate_mnemonics(1, [(needed, count)], seed)
    shares = [read(words) for words in made]
    for start in range(count - needed + 1):
        assert join(shares[start : start + needed]) == seed  # noqa: S101 - a share that doesn't open would be a loss
    return shares


def read(text: str) -> PaperShare:
    """A share from a page of ours, or from words as somebody typed them. Raises `WrongWords`, saying what to mend."""
    words = _words(text)
    known = tuple(_known(place, word) for place, word in enumerate(words, 1))
    if len(known) != WORDS:
        raise WrongWords(f"This share has {len(known)} words; it must be {WORDS}. Compare it with the paper.")
    try:
        share = Share.from_mnemonic(" ".join(known))
    except MnemonicError:
        raise WrongWords(_where(known)) from None
    return PaperShare(share.index + 1, " ".join(known[:2]), share.member_threshold, known)


def _words(text: str) -> list[str]:
    """Its words in order: numbered as on a page, else just as they stand."""
    plain = strip_controls(text)
    numbered = {int(place): word for place, word in _NUMBERED.findall(plain)}
    if len(numbered) > WORDS // 2:
        return [numbered[place] for place in sorted(numbered)]
    return _WORD.findall(plain)


def _known(place: int, word: str) -> str:
    """The word of the list that is meant; four letters are enough."""
    typed = word.lower()
    if typed in WORD_INDEX_MAP:
        return typed
    begins = [one for one in WORDLIST if one.startswith(typed)] if len(typed) >= _UNIQUE else []
    if len(begins) == 1:
        return str(begins[0])
    near = difflib.get_close_matches(typed, WORDLIST, 3, 0.5)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    raise WrongWords(f"Word {place} of this share, “{word}”, is not in the list.{hint} Look at the paper again.")


def _where(words: Sequence[str]) -> str:
    """Where a share is wrong whose words are all in the list. It points to the place, and never says which word."""
    said = "The words of this share don't belong together."
    for place in range(len(words) - 1):
        swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
        if _fits(swapped):
            return f"{said} Words {place + 1} and {place + 2} seem to have changed places. Look at the paper again."
    for place in range(len(words)):
        if any(_fits([*words[:place], one, *words[place + 1 :]]) for one in WORDLIST):
            return f"{said} Word {place + 1} seems to be another one. Look at the paper again."
    return f"{said} More than one is wrong, or in another order. Look at the paper again, word by word."


def _fits(words: Sequence[str]) -> bool:
    try:
        Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        return False
    return True


def fits_in(share: PaperShare, before: Sequence[PaperShare]) -> None:
    """See that a share goes with those that were given. Raises `WrongWords`."""
    if not before:
        return
    if share.group != before[0].group:
        raise WrongWords(
            f"This share is of another set: it begins with “{share.group}”, the ones before with “{before[0].group}”. "
            "Only shares of one set go together."
        )
    if share.number in {one.number for one in before}:
        raise WrongWords(f"Share {share.number} was given already. Each counts once.")


def join(shares: Sequence[PaperShare]) -> bytes:
    """The seed. Raises `WrongWords` where shares are missing or don't go together."""
    given: list[PaperShare] = []
    for share in shares:
        fits_in(share, given)
        given.append(share)
    needed = given[0].needed if given else 2
    if len(given) < needed:
        raise WrongWords(f"{len(given)} of {needed} shares are there: {needed - len(given)} more of this set.")
    try:
        seed: bytes = combine_mnemonics([" ".join(share.words) for share in given[:needed]])
    except MnemonicError:
        raise WrongWords("These shares don't open a key: one of them belongs to another set. Look at each.") from None
    if len(seed) != SEED:
        raise WrongWords("These shares are not of a recovery key of Sanad.")
    return seed


def ask(prompt: Callable[[str], str], remark: Callable[[str], None]) -> bytes:
    """Let somebody type shares until there are enough; a wrong one is asked for again."""
    given: list[PaperShare] = []
    while not given or len(given) < given[0].needed:
        left = f" of {given[0].needed}" if given else ""
        text = prompt(f"Share {len(given) + 1}{left}: its {WORDS} words, then Enter")
        try:
            share = read(text)
            fits_in(share, given)
        except WrongWords as error:
            remark(str(error))
            continue
        given.append(share)
        remark(f"Share {share.number} is right. {len(given)} of {share.needed}.")
    return join(given)
