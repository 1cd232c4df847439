"""Text in whichever encoding comes out as it was written; where it is a guess, the evidence says so."""

import pytest

from index.errors import Unreadable
from index.reading.texts.decoding import decode, sanitise

TEXTS = {
    "it": "Così il ministro: “perché no?”. È stata una giornata difficile, più lunga dell’attesa.",
    "de": "Die Gespräche in Genf brachten kein Ergebnis, sagte die Ministerin für Äußeres am Donnerstag.",
    "fr": "Le ministre a déclaré jeudi que les pourparlers à Genève n’avaient donné aucun résultat.",
    "es": "El ministro dijo el jueves que las conversaciones de Ginebra no dieron ningún resultado según él.",
    "pl": "Minister spraw zagranicznych oświadczył, że rozmowy w Genewie nie przyniosły rezultatów.",
    "cs": "Ministr zahraničí ve čtvrtek řekl, že jednání v Ženevě nepřinesla žádný výsledek.",
    "hu": "A külügyminiszter csütörtökön közölte, hogy a genfi tárgyalások nem hoztak eredményt.",
    "ru": "Министр иностранных дел заявил в четверг, что переговоры в Женеве не дали результата.",
    "uk": "Міністр закордонних справ України заявив у четвер, що переговори в Женеві не дали результату.",
    "el": "Ο υπουργός δήλωσε την Πέμπτη ότι οι συνομιλίες στη Γενεύη δεν έφεραν αποτέλεσμα.",
    "tr": "Dışişleri bakanı perşembe günü Cenevre'deki görüşmelerden sonuç çıkmadığını söyledi.",
    "he": "שר החוץ אמר ביום חמישי כי השיחות בז'נבה לא הביאו לתוצאה כלשהי.",
    "ar": "قال وزير الخارجية يوم الخميس إن المحادثات في جنيف لم تسفر عن أي نتيجة.",
    "ja": "外務大臣は木曜日、ジュネーブでの協議は成果がなかったと述べた。",
    "zh": "外交部长周四表示，日内瓦的谈判没有取得任何结果，双方将在下周再次会面。",
    "zh-Hant": "外交部長週四表示，日內瓦的談判沒有取得任何結果，雙方將在下週再次會面。",
    "ko": "외무장관은 목요일 제네바 회담이 아무런 성과를 내지 못했다고 말했다.",
    "lt": "Užsienio reikalų ministrė ketvirtadienį pranešė, kad derybos Ženevoje rezultatų nedavė, jos bus tęsiamos.",
    "th": "รัฐมนตรีกล่าวเมื่อวันพฤหัสบดีว่าการเจรจาที่เจนีวาไม่ได้ผล",
}
LEGACY = {
    "cp1252": "it de fr es",
    "cp1250": "pl cs hu",
    "iso8859_2": "pl cs hu",
    "cp1251": "ru uk",
    "iso8859_5": "ru",
    "cp866": "ru",
    "cp1257": "lt",
    "koi8_u": "ru uk",
    "cp1253": "el",
    "cp1254": "tr",
    "cp1255": "he",
    "cp1256": "ar",
    "shift_jis": "ja",
    "euc_jp": "ja",
    "gb18030": "zh",
    "big5": "zh-Hant",
    "euc_kr": "ko",
    "cp874": "th",
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
CASES = (
    [(text, encoding) for text in TEXTS.values() for encoding in UNICODE]
    + [(TEXTS[language], encoding) for encoding, languages in LEGACY.items() for language in languages.split()]
    + [("\n\n".join([TEXTS[one]] * 20), encoding) for encoding, some in LEGACY.items() for one in some.split()]
)


def test_nineteen_texts_of_twenty_are_read_exactly_and_every_other_is_a_guess_or_skipped() -> None:
    wrong = []
    for text, encoding in CASES:
        written = text.encode(encoding, "replace")
        try:
            read, evidence = decode(written)
        except Unreadable as reason:
            read, evidence = "", f"skipped: {reason}"
        if read != sanitise(written.decode(encoding)).removeprefix("\ufeff"):
            wrong.append((encoding, text[:20], evidence))
    print(f"{len(CASES) - len(wrong)} of {len(CASES)} texts read exactly; wrong: {wrong}")
    assert len(CASES) >= 160 and len(wrong) <= len(CASES) // 20
    assert all(evidence.startswith(("guessed", "skipped")) for _, _, evidence in wrong)


@pytest.mark.parametrize("language", ["it", "de", "fr"])
def test_no_letter_is_lost_where_two_encodings_are_mixed(language: str) -> None:
    text = TEXTS[language]
    read, evidence = decode("\n".join([text] * 4).encode() + b"\n" + text.encode("cp1252"))
    assert read == "\n".join([text] * 5)
    assert evidence == "guessed: utf-8 with cp1252 for each bad byte"


def test_text_with_a_zero_byte_is_no_utf_16() -> None:
    page = f"<p>{TEXTS['it']}</p>\0".encode()
    assert [decode(content)[0] for content in (page, page + b" ")] == [
        f"<p>{TEXTS['it']}</p>",
        f"<p>{TEXTS['it']}</p> ",
    ]


CHINESE = "马尔登市议会星期一决定，从五月一日起禁止卡车通过奥林大桥，因为工程师发现了裂缝。" * 3
JAPANESE = "マルデン市議会は月曜日、髙橋①へのトラックの通行を五月一日から禁止することを決めた。" * 3
RUSSIAN = "Городской совет Малдена решил в понедельник закрыть Орринский мост для грузовиков. " * 3


@pytest.mark.parametrize(
    ("text", "declared", "written", "odd"),
    [
        (CHINESE, "gb2312", "gb18030", b"\xff"),
        (JAPANESE, "shift_jis", "cp932", b"\xff"),
        (RUSSIAN, "windows-1251", "cp1251", b"\x98"),
        ("5–10 percent, or 3 €. " * 9, "iso-8859-1", "cp1252", b"\x81"),
        ("서울시의회는 월요일 오린 다리를 닫기로 했다. 똠방각하. " * 5, "euc-kr", "cp949", b"\xff"),
    ],
    ids="Chinese Japanese Russian English Korean".split(),
)
def test_an_odd_byte_in_a_page_is_marked_and_the_rest_is_in_the_declared_encoding(
    text: str, declared: str, written: str, odd: bytes
) -> None:
    head = f'<meta charset="{declared}">'
    first, second = text[: len(text) // 2], text[len(text) // 2 :]
    content = head.encode() + first.encode(written) + b" " + odd + b" " + second.encode(written)
    read, evidence = decode(content)
    assert read.split("\ufffd") == [f"{head}{first} ", f" {second}"]
    assert evidence == f"meta charset: {declared}"


def test_a_file_cut_inside_a_letter_is_read_up_to_it() -> None:
    assert decode(CHINESE.encode("gb18030")[:-3])[0] == CHINESE[:-2] + "\ufffd"


@pytest.mark.parametrize("odd", [b"\xff ", b""])
def test_text_without_a_declaration_is_read_past_an_odd_byte(odd: bytes) -> None:
    read, evidence = decode(CHINESE.encode("gb18030") + odd)
    assert read.startswith(CHINESE) and evidence == "guessed: gb18030"


def test_escapes_of_japanese_mail_are_read() -> None:
    text = JAPANESE.replace("髙橋①", "高橋")
    assert decode(text.encode("iso2022_jp")) == (text, "escapes: iso2022_jp_ext")
