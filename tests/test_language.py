import subprocess
import sys

import pytest

from index.language import LANGUAGES, detect_language


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
        ("Hvornår blev han valgt?", "da"),
        ("När blev han vald?", "sv"),
    ],
)
def test_norwegian_danish_and_swedish_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "  \n", "2024?", "…!"])
def test_text_without_letters_has_the_default_language(text: str) -> None:
    assert detect_language(text, default="it") == "it"


def test_latin_is_not_among_the_answers() -> None:
    assert detect_language("Gallia est omnis divisa in partes tres") in LANGUAGES


def test_line_breaks_do_not_matter() -> None:
    assert detect_language("Il primo round\nsi è svolto\na Ginevra.") == "it"


def test_importing_it_loads_no_model() -> None:
    code = "import sys, index.language; sys.exit('fasttext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
