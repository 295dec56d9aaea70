"""Judges how the Arabic (and English) speaks: to a woman, without blame or promise, in an order no phone turns round.

It never corrects anything: it names what is wrong, and a person finds the better words.
"""

import re
from collections.abc import Iterator

from messages.arabic import ARABIC_LETTER, LATIN_FIRST, normalise, tokens
from messages.matching import Phrases, has
from messages.text import BLANK

MASCULINE = frozenset(
    """
    اختر اكتب أرسل ارسل اضغط انتظر أجب اجب عزيزي عزيزنا اقرأ إقرأ افتح أغلق اغلق اتصل أخبرنا أخبرني اخبرنا اخبرني انقر
    حدد أدخل ادخل احذف أكمل اكمل ارجع جرب حاول اطلب استخدم تأكد احفظ ابدأ أضف اضف أوقف اوقف استمر اترك اسمح خذ ضع كن
    اسأل راجع اسحب انسخ امسح استعد أعد اعد كرر وافق شاهد استمع تحدث انظر لاحظ مستعد متأكد
    اختاروا اكتبوا أرسلوا ارسلوا اضغطوا انتظروا أجيبوا اقرأوا اقرؤوا افتحوا أغلقوا اتصلوا أخبرونا انقروا حددوا أدخلوا
    احذفوا أكملوا ارجعوا جربوا حاولوا اطلبوا استخدموا تأكدوا ابدأوا ابدؤوا أضيفوا راجعوا أعزائي أنتم لكم معكم
    """.split()  # noqa: SIM905 - a hundred words read better as words than as a hundred lines
)
"""Imperatives and address to a man or to several: she is one woman. Whole words, harakat aside."""
MASCULINE_ASKED = Phrases.compile(["هل تريد", "هل ترغب", "هل تود", "هل تستطيع", "هل تحتاج", "هل توافق", "هل تشعر"])
BARE_ADDRESS = re.compile(
    r"(?<![\w\u064b-\u0652])[وف]?(?:أنت|لك|معك|عليك|إليك|منك|بك|عندك|لديك|يمكنك|عنك|فيك|بإمكانك)(?![\w\u0650])"
)
"""Addressing her without the kasra that makes it her: «لكِ», not «لك» and never «لكَ»."""
NEVER = Phrases.compile(
    """
    هل أنت متأكدة، هل لديك دليل، يجب أن تبلغي، اصبري، لا تقلقي، سنحميك، ضحية، ضحايا، فضيحة، شرف، إدخال غير صالح
    خطأ إدخال، لماذا لم، كان عليك، كان يجب
    """.replace("\n", "،")
    .strip("، ")
    .split("،")
)
"""Blame, doubt, promises and words that shame her."""
WHY = re.compile(r"(?<!\w)لماذا(?! ن)")
"""Why: asked of her it blames; «لماذا نسأل» explains us."""
NEVER_ENGLISH = re.compile(
    r"\b(why did(n't)? you|are you sure|do you have (any )?(proof|evidence)|you must report|be patient"
    r"|don't worry|we will protect you|victims?|scandal|hono(u)?r|invalid input)\b",
    re.IGNORECASE,
)
ON_A_LOCKED_PHONE = ("تهديد", "يهدد", "مهدد", "عنف", "ناشط", "بلاغ", "رابط", "خطر", "حمايه", "اعتدا", "سند", "حاله")
ON_A_LOCKED_PHONE_ENGLISH = re.compile(
    r"threat|violen|activist|report|associat|danger|protect|assault|sanad|\bcase", re.IGNORECASE
)
FOREIGN_DIGITS = re.compile("[٠-٩۰-۹٫٬]")
SLASH_COMMAND = re.compile(r"(?<![\w/:.])/[a-z]\w+")
HYPHEN_NUMBERED = re.compile(r"^\s*(?:\d+|\{\w+\})\s*[-–]", re.MULTILINE)
HYPHENATED = re.compile(r"\d\s*[-–]\s*\d|(?<!\w)-\d")
PHONE = re.compile(r"\+\s*\d|\d[\d ]{6,}\d")
NAMES = frozenset({"english", "telegram", "whatsapp", "signal"})
"""Latin words that may stand on a line by themselves."""
HARAKAT = re.compile("[\u064b-\u0652\u0640]")


def faults_in_arabic(said: str, *, is_page: bool = False, to_leaders: bool = False) -> Iterator[str]:
    """What is wrong with an Arabic text; nothing if it may be said.

    `is_page`: it's shown on a locked phone. `to_leaders`: it is said to several, men among them.
    """
    yield from () if to_leaders else _address(said)
    yield from _blame(said)
    yield from _shape(said)
    if is_page:
        plain = normalise(said)
        yield from (f"«{word}» is shown on a locked phone" for word in ON_A_LOCKED_PHONE if word in plain)


def faults_in_english(said: str, *, is_page: bool = False, to_leaders: bool = False) -> Iterator[str]:
    """What is wrong with an English text; nothing if it may be said."""
    del to_leaders  # English speaks to one and to several alike
    if found := NEVER_ENGLISH.search(said):
        yield f"“{found[0]}” is never said"
    if is_page and (found := ON_A_LOCKED_PHONE_ENGLISH.search(said)):
        yield f"“{found[0]}” is shown on a locked phone"


def _address(said: str) -> Iterator[str]:
    for word in re.findall(r"\w+", HARAKAT.sub("", said)):
        if word in MASCULINE or (word[:1] in "وف" and word[1:] in MASCULINE):
            yield f"«{word}» speaks to a man or to several"
    yield from (f"«{phrase}» asks a man" for phrase in has(tokens(said), MASCULINE_ASKED))
    yield from (f"«{found[0]}» needs its kasra: she is a woman" for found in BARE_ADDRESS.finditer(said))


def _blame(said: str) -> Iterator[str]:
    yield from (f"«{phrase}» is never said" for phrase in has(tokens(said), NEVER))
    if WHY.search(HARAKAT.sub("", said)):
        yield "«لماذا» asked of her is never said"


def _shape(said: str) -> Iterator[str]:
    for rule, why in (
        (FOREIGN_DIGITS, "digits are Western in all we send"),
        (SLASH_COMMAND, "a slash command turns round in Arabic: name the word or button"),
        (HYPHEN_NUMBERED, "number lines as «1. »: a hyphen turns them round"),
        (HYPHENATED, "hyphenated or signed numbers turn round: write «من 3 إلى 5»"),
        (PHONE, "a phone number goes into a blank, with isolated()"),
    ):
        if found := rule.search(said):
            yield f"{found[0].strip()!r}: {why}"
    for line in said.splitlines():
        plain = BLANK.sub("", line)
        latin = re.findall(r"[A-Za-z]+", plain)
        if latin and not ARABIC_LETTER.search(plain):
            if "://" not in plain and not {word.lower() for word in latin} <= NAMES:
                yield f"{line.strip()!r} is left in English"
        elif LATIN_FIRST.search(plain):
            yield f"{line.strip()!r} begins with a Latin word: begin with an Arabic one"
