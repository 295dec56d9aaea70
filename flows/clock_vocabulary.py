"""The words in which hours, halves of the day, days and spans are said, in Arabic as in Yemen and in English.

It decides nothing: `flows.clock_words` reads them. All are compared after normalisation.
"""

from collections.abc import Mapping
from typing import Final, Literal

from messages.arabic import tokens

Part = Literal["am", "noon", "pm", "night"]
Spoken = tuple[str, ...]


def _said(table: Mapping[str, int]) -> Mapping[Spoken, int]:
    """By normalised words; each line of a table lists its spellings between commas."""
    return {tuple(tokens(one)): value for names, value in table.items() for one in names.split("،")}


def _words(names: str) -> frozenset[str]:
    return frozenset(token for name in names.split() for token in tokens(name))


HOURS: Final = _said(
    {
        "واحد،واحدة،وحدة،الواحدة،one": 1,
        "اثنين،ثنين،ثنتين،اثنتين،اثنتان،الثانية،two": 2,
        "ثلاث،ثلاثة،تلاتة،الثالثة،three": 3,
        "أربع،أربعة،الرابعة،four": 4,
        "خمس،خمسة،الخامسة،five": 5,
        "ست،ستة،السادسة،six": 6,
        "سبع،سبعة،السابعة،seven": 7,
        "ثمان،ثماني،ثمانية،ثمنية،الثامنة،eight": 8,
        "تسع،تسعة،التاسعة،nine": 9,
        "عشر،عشرة،العاشرة،ten": 10,
        "احدعش،احدعشر،حدعش،حداعش،أحد عشر،إحدى عشرة،احدى عشر،الحادية عشرة،الحادية عشر،eleven": 11,
        "اثنعش،اثنعشر،اثناعش،اثناعشر،اطنعش،اثنا عشر،اثني عشر،اثنتا عشرة،اثنتي عشرة،الثانية عشرة،الثانية عشر،twelve": 12,
    }
)
MINUTES: Final = _said(
    {
        "خمس،خمسة،five": 5,
        "عشر،عشرة،ten": 10,
        "ربع،ربعا،الربع،quarter،a quarter": 15,
        "ثلث،ثلثا،الثلث،عشرين،twenty": 20,
        "خمس وعشرين،خمسة وعشرين،twenty five": 25,
        "نص،نصف،النص،النصف،ثلاثين،half،thirty": 30,
        "خمس وثلاثين،خمسة وثلاثين،thirty five": 35,
        "أربعين،forty": 40,
        "خمس وأربعين،خمسة وأربعين،forty five": 45,
        "خمسين،fifty": 50,
        "خمس وخمسين،خمسة وخمسين،fifty five": 55,
        "ستين،sixty": 60,
        "تسعين،ninety": 90,
    }
)
"""Of an hour: minutes past it, before it, or in it."""
COUNTS: Final = {
    **{said: value for said, value in MINUTES.items() if "ربع" not in said and "نص" not in said},
    **HOURS,
}
FRACTIONS: Final = _said(
    {"نص،نصف،half،half an،half a": 30, "ربع،ربعا،الربع،quarter،quarter of an،a quarter of an": 15, "ثلث": 20}
)
"""Of an hour, before the word for it."""
UNITS: Final = _said(
    {
        "دقيقة،دقائق،دقايق،minute،minutes،min،mins،m": 1,
        "ساعة،ساعات،hour،hours،hr،hrs،h": 60,
        "يوم،أيام،day،days": 1440,
    }
)
"""Minutes of each unit."""
TWO_OF: Final = _said({"دقيقتين": 2, "ساعتين،ساعتان": 120, "يومين": 2880})
ONE_OF: Final = _said(
    {"an hour": 60, "one hour": 60, "a day": 1440, "ساعة": 60, "يوم": 1440, "دقيقة": 1, "a minute": 1}
)

AFTER: Final = _words("بعد خلال غضون كمان in after within another")
TO_THE_HOUR: Final = _words("الساعة ساعة للساعة الساعه at by before until till o'clock around عند")
LEADS: Final = TO_THE_HOUR | _words("على حوالي تقريبا الى لل قبل من حدود")
FILLERS: Final = LEADS | _words(
    "في ان شاء الله إنشاءالله بإذن تماما بالضبط كذا القادم القادمة الجاي الجاية الجايه وقت يوم o clock the of on "
    "this next exactly about sharp please من فضلك فضلكم ارجع راجعة برجع بارجع اعود سأعود سارجع back i will be ll"
)
PARTS: Final[Mapping[str, Part]] = {
    **dict.fromkeys(_words("ص صباحا الصبح صباح الصباح بالصبح الفجر فجرا الضحى ضحى am morning dawn"), "am"),
    **dict.fromkeys(_words("ظهرا الظهر الظهيرة noon"), "noon"),
    **dict.fromkeys(_words("م مساء المسا المساء مسا عصرا العصر المغرب العشاء العشا عشاء pm evening afternoon"), "pm"),
    **dict.fromkeys(_words("ليلا الليل بالليل ليل الليلة tonight night"), "night"),
}
LETTERS: Final = _words("ص م am pm")
"""These stand right behind their hour, or mean something else."""
USUAL: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(_words("الفجر فجرا dawn"), (5, 0)),
    **dict.fromkeys(_words("الصبح صباحا الصباح morning"), (8, 0)),
    **dict.fromkeys(_words("الظهر ظهرا noon midday"), (12, 0)),
    **dict.fromkeys(_words("العصر عصرا"), (15, 30)),
    **dict.fromkeys(_words("المغرب evening المسا مساء"), (18, 0)),
    **dict.fromkeys(_words("العشاء العشا"), (19, 30)),
    **dict.fromkeys(_words("midnight"), (0, 0)),
}
"""The usual hour of a prayer or a part of the day, where she names no other: always read back."""
MIDNIGHT: Final = frozenset((tuple(tokens("منتصف الليل")), tuple(tokens("نص الليل")), tuple(tokens("نصف الليل"))))
DAYS: Final = {
    **dict.fromkeys(_words("اليوم الليلة today tonight"), 0),
    **dict.fromkeys(_words("بكرة بكرا باكر غدا غدوة غد الغد tomorrow tmrw"), 1),
}
WEEKDAYS: Final = {
    name: day
    for day, names in enumerate(
        (
            "الاثنين الإثنين monday mon", "الثلاثاء الثلوث tuesday tue", "الأربعاء الربوع wednesday wed",
            "الخميس thursday thu", "الجمعة friday fri", "السبت saturday", "الأحد sunday",
        )
    )
    for name in _words(names)
}  # fmt: skip
"""Monday is 0."""
RETURNS: Final = _words(
    "ارجع وارجع راجعة وراجعة برجع وبرجع بارجع وبارجع اعود واعود سأعود وسأعود سأرجع وسأرجع ساعود ارجعه باعود وباعود "
    "رجعت الرجعة العودة back return returning home"
)
GOES: Final = _words(
    "رايحة رايحه بروح باروح اروح ذاهبة سأذهب بسير باسير سايرة اسير خارجة بخرج باخرج مسافرة بسافر طالعة نازلة "
    "going leaving heading travelling traveling visiting"
)
