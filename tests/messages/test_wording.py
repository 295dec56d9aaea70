"""Proves that wording that blames, shames, promises, addresses a man or turns round on a phone is refused."""

import pytest

from messages.wording import faults_in_arabic, faults_in_english


@pytest.mark.parametrize(
    "said",
    [
        "اختر رقمًا",
        "اكتب ما حدث",
        "أرسل صورة",
        "فاضغط الزر",
        "انتظر قليلًا",
        "أَجِب بنعم",
        "عزيزي",
        "اختاروا رقمًا",
        "هل تريد المساعدة؟",
        "هل أنتِ مستعد؟",
        "هذا رمزنا لك",
        "هل أنت بخير؟",
        "يمكنك التوقف",
        "هذا لكَ",
        "لماذا ذهبتِ؟",
        "هل أنتِ متأكدة؟",
        "هل لديكِ دليل؟",
        "يجب أن تبلّغي",
        "اصبري",
        "لا تقلقي، سنحميكِ",
        "الضحية",
        "فضيحة",
        "بشرف",
        "خطأ: إدخال غير صالح",
        "لديكِ ٣ رسائل",
        "لديكِ ۳ رسائل",
        "اكتبي /help",
        "1- نعم",
        "{n}- نعم",
        "رقمه 48-21",
        "من 3-5 أيام",
        "اتصلي على +967 770 000 000",
        "WhatsApp آمن",
        "شكرًا\nPlease wait",
        "نعم\nOK أو لا",
    ],
)
def test_this_is_refused(said: str) -> None:
    assert list(faults_in_arabic(said))


@pytest.mark.parametrize(
    "said",
    [
        "شكرًا لثقتكِ. نصدّقكِ. ما حدث ليس ذنبكِ. القرار لكِ. يمكنكِ التوقف متى شئتِ.",
        "لم أفهم، وهذا خطؤنا. اختاري رقمًا أو اكتبي بطريقتكِ.",
        "هل تريدين أن نتواصل معكِ؟",
        "كأنكِ في خطر. هل فهمتُ صح؟",
        "نعم، أحتاج مساعدة الآن",
        "لماذا نسأل؟ لنعرف ما تحتاجين.",
        "لستِ مضطرة لذكر أسماء.",
        "هل تعرف صاحبة الشأن أنكِ تكتبين عنها؟",
        "1. نعم\n2. لا",
        "{code} رمزكِ",
        "رمزكِ: MRB-7K2F",
        "تطبيق WhatsApp يعرف أنكِ راسلتِنا",
        "English",
        "الساعة 8:00 يوم 4/10/2025",
        "https://example.org/help",
        "من 3 إلى 5 أيام",
        "منسقة المناوبة",
        "المشرفة",
    ],
)
def test_this_may_be_said(said: str) -> None:
    assert list(faults_in_arabic(said)) == []


@pytest.mark.parametrize("said", ["Why did you go?", "Are you sure?", "Don't worry", "The victim", "Invalid input"])
def test_this_english_is_refused(said: str) -> None:
    assert list(faults_in_english(said))


def test_english_may_ask_and_thank() -> None:
    assert list(faults_in_english("Thank you for your trust. Do you want to go on?")) == []


@pytest.mark.parametrize("said", ["وصل بلاغكِ", "التهديد", "ناشطة", "رابطة", "العُنف"])
def test_a_page_says_nothing_of_what_happened(said: str) -> None:
    assert list(faults_in_arabic(said, is_page=True))


def test_a_page_s_neutral_sentence_may_be_said() -> None:
    assert list(faults_in_arabic("لديكِ موعد بحاجة إلى تأكيد ({code})", is_page=True)) == []
    assert list(faults_in_english("You have an appointment to confirm ({code})", is_page=True)) == []


@pytest.mark.parametrize("said", ["A new report", "A threat", "Your case"])
def test_an_english_page_says_nothing_of_what_happened(said: str) -> None:
    assert list(faults_in_english(said, is_page=True))
