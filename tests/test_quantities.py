"""Numbers in text: whichever way they are written, what they are multiples and units of, and when two agree."""

import subprocess
import sys

import pytest

from assistant.facts.quantities import agree, loses_multiple, quantities_in
from index.articles import Article
from index.children import environment


def read(text: str, language: str = "en") -> list[tuple[str, str, str]]:
    article = Article("a.txt", "", text, "2024-03-05", language)
    found = quantities_in(article, 0, len(text))
    return [(text[one.start : one.end], f"{one.value:f}", one.unit) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,326 names and 12 400 people", [("1,326", "1326", ""), ("12 400", "12400", "")]),
        ("It cost 8.4 million euros.", [("8.4 million euros", "8400000", "€")]),
        ("€1.8 million a day, $5 billion", [("€1.8 million", "1800000", "€"), ("$5 billion", "5000000000", "$")]),
        ("Ha votato il 61 per cento, cioè l'85,5 %.", [("61 per cento", "61", "%"), ("85,5 %", "85.5", "%")]),
        ("28 мільйонів євро і 390 тис. людей", [("28 мільйонів євро", "28000000", "€"), ("390 тис", "390000", "")]),
        (
            "per 11,5 milioni di euro e 45 dollari",
            [("11,5 milioni di euro", "11500000", "€"), ("45 dollari", "45", "$")],
        ),
        ("412 voti, 97 contrari", [("412", "412", ""), ("97", "97", "")]),
        ("TUR-17, B12, 9:17, 3rd, won 3-2, won 4 – 0, alle 3.40", []),
        ("In 1987 came 40 of them.", [("40", "40", "")]),
        ("On 14 June 23 people left.", [("23", "23", "")]),  # 14 is a day
    ],
)
def test_a_number_that_counts_something_is_read(text: str, found: list[tuple[str, str, str]]) -> None:
    assert read(text) == found


HALVES = [
    ("en", "It cost two and a half million euros.", "2500000 €"),
    ("en", "A million and a half people came.", "1500000"),
    ("en", "half a billion dollars", "500000000 $"),
    ("en", "one million dollars, a hundred people", "1000000 $, 100"),
    ("it", "Vale 5 miliardi e mezzo di euro, non mezzo milione.", "5500000000 €, 500000"),
    ("it", "un milione e mezzo di persone, un milione di euro", "1500000, 1000000 €"),
    ("es", "dos millones y medio de euros y 5 mil millones y medio", "2500000 €, 5500000000"),
    ("de", "zweieinhalb Millionen Euro, anderthalb Milliarden, eine halbe Million", "2500000 €, 1500000000, 500000"),
    ("de", "Eine Million Menschen kamen, einer von ihnen krank.", "1000000"),
    ("fr", "deux millions et demi d'euros, un demi-million", "2500000 €, 500000"),
    ("pt", "dois milhões e meio de reais, meio milhão", "2500000 BRL, 500000"),
    ("nl", "tweeënhalf miljard euro, anderhalf miljoen", "2500000000 €, 1500000"),
    ("sv", "en och en halv miljon kronor, en halv miljon", "1500000 SEK, 500000"),
    ("no", "to og en halv million kroner, halvannen milliard", "2500000 NOK, 1500000000"),
    ("da", "halvanden million kroner", "1500000 DKK"),
    ("fi", "puolitoista miljoonaa euroa, kaksi ja puoli miljoonaa, miljoona", "1500000 €, 2500000, 1000000"),
    ("pl", "półtora miliona złotych, dwa i pół miliarda, milion", "1500000 PLN, 2500000000, 1000000"),
    ("cs", "půl milionu korun, dva a půl milionu", "500000 CZK, 2500000"),
    ("hu", "másfél millió forint, két és fél milliárd, félmillió", "1500000 HUF, 2500000000, 500000"),
    ("ro", "un milion și jumătate de lei, o jumătate de milion", "1500000 RON, 500000"),
    ("bg", "два милиона и половина, половин милиард", "2500000, 500000000"),
    ("el", "ενάμισι εκατομμύριο ευρώ, δυόμισι δισεκατομμύρια", "1500000 €, 2500000000"),
    ("ru", "полтора миллиона рублей, полмиллиона, два с половиной миллиарда", "1500000 RUB, 500000, 2500000000"),
    ("ru", "миллион рублей, 5 миллионов, двадцать один миллион", "1000000 RUB, 5000000, 21000000"),
    ("uk", "півтора мільйона гривень, два з половиною мільярди", "1500000 UAH, 2500000000"),
    ("tr", "bir buçuk milyon lira, iki buçuk milyar, yarım milyon", "1500000 TRY, 2500000000, 500000"),
    ("ar", "مليون ونصف، نصف مليار", "1500000, 500000000"),
    ("he", "שני מיליון וחצי, חצי מיליארד", "2500000, 500000000"),
    ("fa", "دو و نیم میلیون", "2500000"),
    ("hi", "डेढ़ लाख, साढ़े तीन करोड़", "150000, 35000000"),
    ("vi", "hai triệu rưỡi, nửa tỷ", "2500000, 500000000"),
    ("th", "สองล้านครึ่ง", "2500000"),
    ("id", "satu setengah juta, setengah miliar", "1500000, 500000000"),
]


@pytest.mark.parametrize(("code", "text", "found"), HALVES)
def test_a_half_and_one_of_a_multiple_count(code: str, text: str, found: str) -> None:
    assert ", ".join(f"{value} {unit}".strip() for _, value, unit in read(text, code)) == found


@pytest.mark.parametrize(
    ("one", "other", "is_agreed"),
    [
        ("23 people", "21 people", False),
        ("23 people", "23 people", True),
        ("1,500 homes", "1,487 homes", True),  # a rounder form
        ("31 wagons", "34 wagons", False),
        ("40 people", "23 people", False),
        ("more than 200 trees", "230 trees", True),
        ("about 30", "80", True),
        ("61 %", "58 %", False),
        ("61 %", "58 people", True),  # not one thing
        ("8.4 million euros", "8,400,000 euros", True),
    ],
)
def test_two_numbers_agree_unless_both_are_exact_and_differ(one: str, other: str, is_agreed: bool) -> None:
    first, second = (quantities_in(Article("a", "", text, "", "en"), 0, len(text))[0] for text in (one, other))
    assert agree(first, second) is is_agreed
    assert agree(second, first) is is_agreed


@pytest.mark.parametrize(
    ("text", "source", "loses"),
    [
        ("She paid 11.5 for it.", "per 11,5 milioni di euro", True),
        ("She paid 11.5 million for it.", "per 11,5 milioni di euro", False),
        ("She paid 11.5 billion for it.", "per 11,5 milioni di euro", True),
        ("900 lorries", "900 camion", False),
        ("5 of 5 million", "5 von 5 Millionen", False),
        ("390 тисяч людей", "390 mila persone", False),
        ("7 people", "no number", False),  # that is for others to find
    ],
)
def test_a_number_keeps_what_it_is_multiplied_by(text: str, source: str, loses: bool) -> None:
    assert loses_multiple(text, source) is loses


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "The scheme costs 2 lakh crore rupees.", "2000000000000", "INR/PKR"),
        ("en", "Some 3 crore people voted.", "30000000", ""),
        ("sv", "Bron kostade 5 mdkr.", "5000000000", "SEK"),
        ("sv", "Bron kostade 12 mkr.", "12000000", "SEK"),
        ("it", "Il ponte in Svezia è costato 5 mdkr.", "5000000000", "SEK"),
        ("no", "Broen kostet 5 MNOK.", "5000000", "NOK"),
        ("fi", "Silta maksoi 3 MEUR.", "3000000", "€"),
        ("de", "Der Umsatz lag bei 500 TEUR.", "500000", "€"),
        ("da", "Broen kostede 5 mia. kr.", "5000000000", "DKK"),
        ("no", "Broen kostet 2,5 mill. kroner.", "2500000", "NOK"),
        ("ar", "بلغت التكلفة ملياري دولار.", "2000000000", "$"),
        ("ar", "حضر مليونان من الزوار.", "2000000", ""),
        ("ar", "قُتل ألفان وخمسمئة شخص.", "2500", ""),
        ("ar", "مليونان ونصف المليون شخص.", "2500000", ""),
        ("ar", "اثنا عشر مليونا من الناس.", "12000000", ""),
        ("ar", "خمسة عشر ألفا من السكان.", "15000", ""),
        ("he", "אלפיים איש הגיעו.", "2000", ""),
        ("es", "La reconstrucción costó 5 mil millones de euros.", "5000000000", "€"),
        ("it", "Il piano vale 2 mila miliardi di euro.", "2000000000000", "€"),
        ("pt", "O estádio custou 5 bilhões de reais.", "5000000000", "BRL"),
        ("pt", "O estádio custou 5 mil milhões de euros.", "5000000000", "€"),
        ("pl", "Most kosztował 5 milionów złotych.", "5000000", "PLN"),
        ("en", "The debt is 5 trillion dollars.", "5000000000000", "$"),
        ("en", "They raised $5m for it.", "5000000", "$"),
        ("de", "Der Bau kostete 3,2 Milliarden Euro.", "3200000000", "€"),
        ("de", "Es fehlen 400 Mio. Franken.", "400000000", "CHF"),
        ("de", "Der Bau kostete 5 Milliarden Dollar.", "5000000000", "$"),
        ("de", "Dafür reichten 12 Mio. Pfund.", "12000000", "£"),
        ("pt", "Custou R$ 5 bilhões.", "5000000000", "BRL"),
        ("pt", "Custou 5 biliões de euros.", "5000000000000", "€"),
        ("de", "Es kostete 5 Tsd. Euro.", "5000", "€"),
        ("en", "It cost US$5 million.", "5000000", "$"),
        ("en", "It cost HK$ 5bn.", "5000000000", "HKD"),
        ("en", "EUR 5 million were paid.", "5000000", "€"),
        ("pl", "Kosztowało 12 mln zł.", "12000000", "PLN"),
        ("cs", "Stálo 5 tis. Kč.", "5000", "CZK"),
        ("hu", "A híd 500 Ft volt.", "500", "HUF"),
        ("no", "Det kostet 5 mill. kr.", "5000000", "NOK"),
        ("uk", "Коштувало 5 тис. грн.", "5000", "UAH"),
        ("ru", "Стоил 5 тыс. руб.", "5000", "RUB"),
        ("es", "Costó mil quinientos millones de euros.", "1500000000", "€"),
        ("hu", "A híd 5 milliárd dollár volt.", "5000000000", "$"),
        ("ja", "橋は5億ドルかかった。", "500000000", "$"),
        ("ru", "Мост стоил 5 миллионов фунтов.", "5000000", "£"),
        ("fr", "Le pont a coûté 7 milliards d'euros.", "7000000000", "€"),
        ("it", "Sono serviti 5mln di euro.", "5000000", "€"),
        ("el", "Κόστισε 3 εκατ. ευρώ.", "3000000", "€"),
        ("el", "Κόστισε 2,5 δισ. ευρώ.", "2500000000", "€"),
        ("zh", "占百分之十二。", "12", "%"),
        ("nl", "De brug kostte 2 miljard euro.", "2000000000", "€"),
        ("sv", "Bron kostade 12 miljoner kronor.", "12000000", "SEK"),
        ("cs", "Most stál 8 milionů korun.", "8000000", "CZK"),
        ("ru", "Мост стоил 5 миллиардов рублей.", "5000000000", "RUB"),
        ("uk", "Міст коштував 5 млрд гривень.", "5000000000", "UAH"),
        ("tr", "Köprü 3 milyar liraya mal oldu.", "3000000000", ""),  # the case ending hides what it is
        ("zh", "大桥耗资5亿美元。", "500000000", "$"),
        ("zh", "城市有120万居民。", "1200000", ""),
        ("ja", "橋の建設費は30億円だった。", "3000000000", "JPY"),
        ("ko", "다리 건설에 50억 원이 들었다.", "5000000000", "KRW"),
        ("hi", "पुल की लागत 12 करोड़ रुपए थी।", "120000000", "INR"),
        ("hi", "शहर में 12,34,567 लोग हैं।", "1234567", ""),
        ("ar", "بلغت التكلفة ٥ ملايين دولار.", "5000000", "$"),
        ("fa", "هزینه پل ۷ میلیون دلار بود.", "7000000", "$"),
        ("es", "Gastó 2.500 millones de dólares.", "2500000000", "$"),
        ("it", "Ha speso 2.500 milioni di euro.", "2500000000", "€"),
        ("it", "Ha speso 8,125 milioni di euro.", "8125000", "€"),
        ("en", "It spent 2,500 million euros.", "2500000000", "€"),
        ("en", "They plan a £3bn tunnel.", "3000000000", "£"),
        ("en", "The fund holds $1.2tn.", "1200000000000", "$"),
        ("es", "La deuda es de 1,5 billones de euros.", "1500000000000", "€"),
        ("it", "Il fondo vale mille miliardi di euro.", "1000000000000", "€"),
        ("pt", "São 1,2 trilhão de reais.", "1200000000000", "BRL"),
        ("pl", "Kosztował 2,5 miliarda złotych.", "2500000000", "PLN"),
        ("ro", "Podul costă 5 miliarde de lei.", "5000000000", "RON"),
        ("el", "Κόστισε 5 δισεκατομμύρια ευρώ.", "5000000000", "€"),
        ("hu", "Az ára 3 milliárd forint.", "3000000000", "HUF"),
        ("fi", "Silta maksoi 4 miljardia euroa.", "4000000000", "€"),
        ("da", "Broen kostede 2 milliarder kroner.", "2000000000", "DKK"),
        ("no", "Broen kostet 2 milliarder kroner.", "2000000000", "NOK"),
        ("bg", "Мостът струва 3 милиарда лева.", "3000000000", "BGN"),
        ("sk", "Most stál 5 miliárd eur.", "5000000000", "€"),
        ("id", "Jembatan itu menelan 5 triliun rupiah.", "5000000000000", "IDR"),
        ("vi", "Cây cầu tốn 5 tỷ đồng.", "5000000000", "VND"),
        ("th", "สะพานมีมูลค่า 5 พันล้านบาท", "5000000000", "THB"),
        ("he", "הגשר עלה 5 מיליארד שקל.", "5000000000", "ILS"),
        ("de", "Es kostet 5 Tausend Milliarden Euro.", "5000000000000", "€"),
        ("fr", "Il coûte 3 mille milliards d'euros.", "3000000000000", "€"),
        ("ja", "予算は1兆2000億円だった。", "1200000000000", "JPY"),
        ("ko", "예산은 1조 2000억 원이다.", "1200000000000", "KRW"),
        ("zh", "投资3万亿元。", "3000000000000", "CNY"),
        ("ar", "بلغت التكلفة 3 مليارات دولار.", "3000000000", "$"),
        ("hi", "लागत 12 लाख रुपये थी।", "1200000", "INR"),
    ],
)
def test_money_is_worth_what_its_language_says(language: str, text: str, value: str, unit: str) -> None:
    assert [(number, told) for _, number, told in read(text, language)] == [(value, unit)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "Rund 12 Mio. Menschen leben dort.", "12000000"),
        ("de", "Es fehlen 5 Mrd. Franken.", "5000000000"),
        ("pl", "Przyszło 5 tys. osób.", "5000"),
        ("cs", "Přišlo 5 tis. lidí.", "5000"),
        ("sk", "Prišlo 5 tis. ľudí.", "5000"),
        ("da", "Der bor 5 mio. mennesker.", "5000000"),
        ("no", "Der bor 5 mill. mennesker.", "5000000"),
        ("fi", "Siellä asuu 5 milj. ihmistä.", "5000000"),
    ],
)
def test_a_short_multiple_before_a_noun_is_no_ordinal(language: str, text: str, value: str) -> None:
    assert [found[1] for found in read(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Ci sono 5 nuovi casi."),
        ("fr", "Il y a 5 nouveaux cas."),
        ("es", "Hay 5 nuevos casos."),
        ("pt", "Há 5 novos casos."),
        ("pl", "Jest 5 nowych przypadków."),
        ("el", "Υπάρχουν 5 νέα κρούσματα."),
        ("tr", "5 yeni vaka var."),
    ],
)
def test_new_is_no_money(language: str, text: str) -> None:
    assert [found[1:] for found in read(text, language)] == [("5", "")]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("es", "Vinieron novecientas personas.", "900"),
        ("pt", "Vieram duzentas e vinte pessoas.", "220"),
        ("ru", "Пришли двести тридцать человек.", "230"),
        ("uk", "Прийшли п'ятсот людей.", "500"),
        ("bg", "Дойдоха петстотин души.", "500"),
        ("pl", "Przyszło dwieście dwadzieścia osób.", "220"),
        ("cs", "Přišlo tři sta lidí.", "300"),
        ("el", "Ήρθαν πεντακόσιοι άνθρωποι.", "500"),
        ("fa", "پانصد نفر آمدند.", "500"),
        ("ar", "جاء مئتا شخص.", "200"),
        ("he", "הגיעו מאתיים איש.", "200"),
        ("en", "The crew of twenty-three left.", "23"),
        ("it", "Sono partiti in ventuno marinai.", "21"),
        ("de", "Es kamen zweihundertfünfzig Gäste.", "250"),
        ("fr", "Il a fallu quatre-vingt-dix jours.", "90"),
        ("es", "Murieron treinta y una vacas.", "31"),
        ("nl", "Er waren tweeëntwintig boten.", "22"),
        ("ru", "Приехали двадцать пять машин.", "25"),
        ("tr", "Yirmi bir gemi battı.", "21"),
        ("zh", "共有二十一艘船沉没。", "21"),
        ("ar", "وصل واحد وعشرين قاربا.", "21"),
        ("it", "Hanno firmato 390mila persone in 3 giorni.", "390000 3"),
        ("tr", "Köprüden 12bin kişi geçti.", "12000"),
        ("hu", "A hídon 30ezer ember kelt át.", "30000"),
        ("es", "Firmaron 30mil personas.", "30000"),
        ("uk", "Підписали 390тис. людей.", "390000"),
        ("ru", "Подписали 2млн человек.", "2000000"),
        ("en", "Some 40mn people saw it from 5km away.", "40000000"),
        ("fr", "Le pont fait 20m.", ""),
        ("ja", "第3回に40人が来た。", "40"),
        ("zh", "第3次会议有40人。", "40"),
    ],
)
def test_a_number_in_words_counts_too(language: str, text: str, value: str) -> None:
    assert " ".join(number for _, number, _ in read(text, language)) == value


@pytest.mark.parametrize(
    "text", ["The third boat sank.", "Il ventesimo giorno.", "Am 3. Tag sank es.", "One boat sank."]
)
def test_which_one_is_no_count_of_them(text: str) -> None:
    assert read(text, {"T": "en", "I": "it", "A": "de", "O": "en"}[text[0]]) == []


@pytest.mark.parametrize(
    ("language", "text", "least", "most"),
    [
        ("en", "Between 300 and 350 people came.", "300", "350"),
        ("en", "Some 20-30 men stayed.", "20", "30"),
        ("en", "It takes 5 to 7 million years.", "5000000", "7000000"),
        ("it", "Tra 300 e 350 persone.", "300", "350"),
        ("de", "Zwischen 300 und 350 Menschen kamen.", "300", "350"),
        ("fr", "Entre 300 et 350 personnes.", "300", "350"),
    ],
)
def test_a_range_is_no_exact_number(language: str, text: str, least: str, most: str) -> None:
    (found,) = quantities_in(Article("a", "", text, "", language), 0, len(text))
    assert found.most is not None
    assert (f"{found.value:f}", f"{found.most:f}", found.exact) == (
        least if "million" not in text else "5000000",
        most,
        False,
    )


def test_a_number_carries_the_words_beside_it() -> None:
    text = "The ferry had 41 people on board, of whom 12 crew members stayed."
    first, second = quantities_in(Article("a", "", text, "", "en"), 0, len(text))
    assert (first.before, first.after) == ("The ferry had", "people on board")
    assert (second.before, second.after) == ("of whom", "crew members stayed")


def test_a_right_sentence_about_thousands_of_millions_is_kept() -> None:
    assert not loses_multiple("It cost 5 billion euros.", "Costó 5 mil millones de euros.")
    assert loses_multiple("It cost 5 million euros.", "Costó 5 mil millones de euros.")
    assert loses_multiple("It cost 5 billion euros.", "Costó 5 millones de euros.")


def test_what_money_is_called_is_the_same_in_every_process() -> None:
    program = "from index.languages.cldr import currencies; print(sorted(currencies('vi').items()))"
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=environment(PYTHONHASHSEED=seed),
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
