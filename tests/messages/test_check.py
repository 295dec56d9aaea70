"""Proves that no sentence goes out untranslated, badly counted or with wrong blanks, and that merging loses none."""

from pathlib import Path

import pytest

from messages import catalog
from messages.check import check, faults, main, merge, update
from messages.po import FOLDERS, PLURALS, Entries, Entry, marked, read, write

SOURCE = """from messages import t, tn

# page: shown on a locked phone
PAGE = t("An appointment wants confirming ({code})", code="K7P")
OUTER = t("Outer {inner}", inner=t("Inner"))
COUNTED = tn("{count} cup", "{count} cups", 2)
"""
CUPS = ("{count} cup", "{count} cups")
SIX = ("لا كؤوس", "كأس واحدة", "كأسان", "{count} كؤوس", "{count} كأسًا", "{count} كأس")
ARABIC = {
    ("An appointment wants confirming ({code})",): ("موعد بحاجة إلى تأكيد ({code})",),
    ("Outer {inner}",): ("خارج {inner}",),
    ("Inner",): ("داخل",),
    CUPS: SIX,
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in (*FOLDERS, "messages/ar/LC_MESSAGES", "messages/en/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "flows" / "one.py").write_text(SOURCE)
    monkeypatch.setattr(catalog, "FOLDER", tmp_path / "messages")
    for language in ("ar", "en"):
        write(catalog.path(language), language, [])
    return tmp_path


def fragment(folder: Path, words: dict[tuple[str, ...], tuple[str, ...]]) -> Path:
    file = folder / "fragment.po"
    write(file, "ar", [Entry(key, strings) for key, strings in words.items()])
    return file


def arabic() -> Entries:
    return read(catalog.path("ar"), "ar")[0]


def wrong(key: tuple[str, ...], *strings: str, comments: tuple[str, ...] = (), fuzzy: bool = False) -> list[str]:
    source = {key: Entry(key, comments=comments)}
    return faults(source, {key: Entry(key, strings, fuzzy=fuzzy)}, PLURALS["ar"], "ar")


def test_every_marked_sentence_is_found_also_inside_another(project: Path) -> None:
    assert list(marked(project)) == list(ARABIC)


def test_a_new_sentence_is_missing_until_it_is_added(project: Path) -> None:
    assert "ar: missing: 'Inner'" in check(project)
    assert "en: missing: 'Inner'" in check(project)


def test_an_update_adds_english_as_it_is_and_leaves_arabic_to_a_person(project: Path) -> None:
    update(project)
    assert "ar: 'Inner': empty" in check(project)
    assert not [fault for fault in check(project) if fault.startswith("en")]


def test_merging_a_fragment_makes_both_catalogs_whole(project: Path) -> None:
    assert merge(fragment(project, ARABIC), project) == 4
    assert check(project) == []


def test_merging_keeps_what_was_there_and_passes_over_empty_entries(project: Path) -> None:
    merge(fragment(project, ARABIC), project)
    merge(fragment(project, {("Inner",): ("",), ("Later",): ("لاحقًا",)}), project)
    assert arabic()[("Inner",)].strings == ("داخل",)
    assert arabic()[("Later",)].strings == ("لاحقًا",)


def test_a_fragment_without_a_header_is_understood(project: Path) -> None:
    file = project / "bare.po"
    forms = "".join(f'msgstr[{place}] "{form}"\n' for place, form in enumerate(SIX))
    file.write_text(f'msgid "Inner"\nmsgstr "داخل"\n\nmsgid "{CUPS[0]}"\nmsgid_plural "{CUPS[1]}"\n{forms}')
    merge(file, project)
    assert arabic()[CUPS].strings == SIX


def test_updating_twice_changes_nothing(project: Path) -> None:
    merge(fragment(project, ARABIC), project)
    update(project)
    before = catalog.path("ar").read_bytes()
    update(project)
    assert catalog.path("ar").read_bytes() == before


def test_a_sentence_that_nothing_says_is_stale_until_it_is_dropped(project: Path) -> None:
    merge(fragment(project, {**ARABIC, ("Gone",): ("ذهب",)}), project)
    assert check(project) == [f"{of}: stale, nothing says it any more: 'Gone'" for of in ("ar", "en")]
    update(project, drop=True)
    assert check(project) == []


def test_a_catalog_holds_no_line_numbers_and_no_dates(project: Path) -> None:
    merge(fragment(project, ARABIC), project)
    words = catalog.path("ar").read_text()
    assert "#: flows/one.py\n" in words
    assert "Date" not in words


def test_a_page_keeps_its_mark_and_is_judged_by_it(project: Path) -> None:
    merge(fragment(project, {**ARABIC, ("An appointment wants confirming ({code})",): ("بلاغ ({code})",)}), project)
    assert check(project) == ["ar: 'An appointment wants confirming ({code})': «بلاغ» is shown on a locked phone"]


def test_a_file_that_cannot_be_read_is_told(project: Path) -> None:
    catalog.path("ar").write_text('msgid "x\n')
    assert any(fault.startswith("ar: the file can't be read") for fault in check(project))


def test_babel_s_own_arabic_header_is_refused() -> None:
    swapped = PLURALS["ar"].replace("n%100>=11 ? 4 : 5", "n%100>=0 && n%100<=2 ? 4 : 5")
    assert faults({}, {}, swapped, "ar") == [f"Plural-Forms must be: {PLURALS['ar']}"]


def test_an_empty_entry_is_refused() -> None:
    assert wrong(("Yes",), "") == ["'Yes': empty"]


def test_one_empty_form_is_refused() -> None:
    assert wrong(CUPS, *SIX[:5], "") == [f"{CUPS[0]!r}: empty"]


def test_a_fuzzy_entry_is_refused() -> None:
    assert "fuzzy" in wrong(("Yes",), "نعم", fuzzy=True)[0]


def test_fewer_forms_than_arabic_has_are_refused() -> None:
    assert "has 2 forms, ar wants 6" in wrong(CUPS, "كأس", "كؤوس")[0]


def test_a_blank_that_was_lost_or_renamed_is_refused() -> None:
    assert "its blanks are ['name']" in wrong(("Hello {name}",), "مرحبًا {اسم}")[0]
    assert wrong(("Hello {name}",), "مرحبًا {name} {name}") == []


def test_a_number_may_be_left_out_of_none_one_and_two_only() -> None:
    assert wrong(CUPS, *SIX) == []
    assert "its blanks are ['count']" in wrong(CUPS, *SIX[:3], "كؤوس", *SIX[4:])[0]


def test_a_blank_with_a_format_is_refused() -> None:
    assert wrong(("Pay {sum:.2f}",), "المبلغ") == [
        "'Pay {sum:.2f}': a blank is a {name} in small letters, without a format"
    ]


@pytest.mark.parametrize("call", ["t(words)", 't(f"Hello {name}")', "t()", 'tn("{count} cup", many, 2)', 't("")'])
def test_a_sentence_made_up_at_run_time_is_refused(project: Path, call: str) -> None:
    merge(fragment(project, ARABIC), project)
    (project / "bot" / "two.py").write_text(f"x = {call}\n")
    assert "bot/two.py:1: t() wants a sentence written out, not made up at run time" in check(project)


def test_a_sentence_in_a_template_is_found(project: Path) -> None:
    page = project / "console" / "templates" / "list.html"
    page.parent.mkdir()
    page.write_text('<h1>{{ t("Open {n}", n=n) }}</h1>')
    assert ("Open {n}",) in marked(project)


@pytest.mark.usefixtures("project")
def test_the_command_says_what_is_wrong_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    catalog.path("en").write_text('msgid "x\n')
    assert main([]) == 1
    assert "en: the file can't be read" in capsys.readouterr().out


def test_the_command_merges_a_fragment(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    main(["--merge", str(fragment(project, ARABIC))])
    assert "4 sentences taken over" in capsys.readouterr().out
    assert arabic()[("Inner",)].strings == ("داخل",)
