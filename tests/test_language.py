import subprocess
import sys

import pytest

from index.languages.detection import decided_language, detect_language, likely_language
from index.languages.words import known_codes


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Chi c'era?", "it"),
        ("Quando il ministero russo ha pubblicato la bozza di accordi?", "it"),
        ("When did Sullivan deliver the reply?", "en"),
        ("And where did he deliver it?", "en"),
        ("Wer gab am selben Tag bekannt, dass Russland eine Antwort erhalten hat?", "de"),
        ("Qui a parlé à Kuleba?", "fr"),
        ("¿Dónde se celebró la reunión?", "es"),
        ("Onde foi a reunião?", "pt"),
        ("Gdzie to było?", "pl"),
        ("Cine a câștigat alegerile?", "ro"),
        ("Waar was het overleg?", "nl"),
        ("Kuka voitti vaalit?", "fi"),
        ("Kim kazandı?", "tr"),
        ("Хто зустрівся з Кулебою у Києві?", "uk"),
        ("Кто встретился с Кулебой в Киеве?", "ru"),
        ("Що сказав Путін?", "uk"),
        ("Что сказал Путин?", "ru"),
        ("Ποιος κέρδισε τις εκλογές;", "el"),
        ("من فاز في الانتخابات؟", "ar"),
        ("מי ניצח בבחירות?", "he"),
        ("चुनाव किसने जीता?", "hi"),
        ("谁赢了选举?", "zh"),
        ("Jared Allen的职业生涯里共擒杀多少次?", "zh"),
        ("誰が選挙に勝ちましたか?", "ja"),
        ("누가 선거에서 이겼습니까?", "ko"),
    ],
)
def test_short_question_is_told_by_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hva heter ordføreren?", "no"),
        ("Hvad hedder borgmesteren?", "da"),
        ("Vad heter borgmästaren?", "sv"),
        ("Når ble han valgt?", "no"),
        ("Hvem ledet møtet i Bergen?", "no"),
        ("Hvornår blev han valgt?", "da"),
        ("När blev han vald?", "sv"),
    ],
)
def test_norwegian_danish_and_swedish_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "  \n", "2024?", "…!"])
def test_text_without_letters_has_the_default_language(text: str) -> None:
    assert detect_language(text, default="it") == "it"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wanneer was dat?", "nl"),
        ("Vem vann?", "sv"),
        ("Kiedy zmarł?", "pl"),
        ("Dlaczego?", "pl"),
        ("Proč?", "cs"),
        ("Kto vyhral?", "sk"),
        ("Unde este?", "ro"),
        ("Кой спечели?", "bg"),
        ("Де це?", "uk"),
        ("Neden?", "tr"),
        ("Mengapa?", "id"),
        ("क्या हुआ?", "hi"),
    ],
)
def test_a_few_words_are_told_by_those_that_ask(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("সেতুটি আবার খুলেছে। মেয়র এসেছিলেন।", "bn"),
        ("பாலம் மீண்டும் திறக்கப்பட்டது.", "ta"),
        ("ხიდი კვლავ გაიხსნა. მერი მოვიდა.", "ka"),
        ("Կամուրջը կրկին բացվեց։", "hy"),
        ("پل دوبارہ کھول دیا گیا۔ میئر بھی آئے تھے۔", "ur"),
        ("တံတားကို ပြန်ဖွင့်ခဲ့သည်။", "my"),
        ("ድልድዩ እንደገና ተከፈተ።", "am"),
        ("Polis berkata seramai lima belas orang telah ditahan selepas kejadian di pusat bandar.", "ms"),
        ("Polisi walisema watu kumi na tano wamekamatwa baada ya tukio hilo katikati ya mji.", "sw"),
        ("Mkutano uliahirishwa kwa sababu ya mvua kubwa.", "sw"),
        ("Bilera atzeratu egin zuten euri jasagatik.", "eu"),
        ("Mbledhja u shty për shkak të shiut të dendur.", "sq"),
        ("Ipinagpaliban ang pulong dahil sa malakas na ulan.", "tl"),
        ("Fundinum var frestað vegna mikillar rigningar.", "is"),
        ("İclas güclü yağışa görə təxirə salındı.", "az"),
        ("Gohiriwyd y cyfarfod oherwydd glaw trwm.", "cy"),
        ("Cuireadh an cruinniú siar de bharr báistí troime.", "ga"),
        ("Полиция қала орталығында он бес адам ұсталғанын айтты.", "kk"),
        ("Koosolek lükati tugeva vihma tõttu edasi.", "et"),
        ("Etxebizitzen prezioak bikoiztu egin dira azken hamar urteetan, udalak atzo jakinarazi zuenez.", "eu"),
    ],
)
def test_a_language_not_of_the_house_is_named_as_what_it_is(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rapat itu ditunda karena hujan deras mengguyur ibu kota.", "id"),
        ("Toplantı şiddetli yağmur nedeniyle ertelendi.", "tr"),
        ("Kokous siirrettiin rankkasateen vuoksi.", "fi"),
        ("Schôdzu odložili pre silný dážď.", "sk"),
        ("Mødet blev udsat på grund af kraftig regn.", "da"),
        ("El lehendakari visitó Donostia y Bilbao el lunes.", "es"),
        ("Who is Jokowi's successor in Nusantara?", "en"),
        ("Акимат Астаны сообщил о закрытии моста.", "ru"),
    ],
)
def test_a_sentence_with_words_of_elsewhere_stays_in_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_chinese_with_a_letter_of_japanese_is_chinese() -> None:
    assert detect_language("鲜の每日鸡汁蒸饺在北京上市，消费者反应热烈，商家表示将继续推出新品") == "zh"
    assert detect_language("首相は記者会見で辞任の意向を表明した") == "ja"


def test_what_a_page_declares_counts_unless_its_text_is_clearly_in_another() -> None:
    italian = "Il ponte di Valdena ha riaperto ieri dopo quattro anni di lavori, ha detto il sindaco. " * 4
    assert decided_language(italian, "en-US") == "it"
    assert decided_language("Il ponte.", "en-US") == "en"
    assert decided_language(italian, "it-IT") == "it"
    assert decided_language("橋は閉鎖された。", "en") == "ja"
    assert decided_language(italian, "") == "it"


@pytest.mark.parametrize(
    ("text", "collected", "language"),
    [
        ("Hvor mange fisk mistet livet som resultat av ulykka?", {"no"}, "no"),
        ("Hvem krasjet med en lastebil på Billingstadsletta?", {"no", "en"}, "no"),
        ("Hur många bilar brann i Göteborg på lördagen?", {"no"}, "sv"),
        ("When did the ferry sink off Dunmore?", {"it"}, "en"),
        ("Wann sank die Fähre vor Dunmore?", {"no"}, "de"),
    ],
)
def test_of_languages_hardly_told_apart_it_is_the_one_that_articles_are_in(
    text: str, collected: set[str], language: str
) -> None:
    assert likely_language(text, collected) == language


def test_latin_is_not_among_the_answers() -> None:
    assert detect_language("Gallia est omnis divisa in partes tres") in known_codes()


def test_line_breaks_do_not_matter() -> None:
    assert detect_language("Il primo round\nsi è svolto\na Ginevra.") == "it"


def test_importing_it_loads_no_model() -> None:
    code = "import sys, index.languages.detection; sys.exit('fasttext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
