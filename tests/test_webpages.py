"""A page gives the whole of its article with its own day and title, and a page without an article gives none."""

from pathlib import Path

import pytest

from index.articles import Article, Skipped
from index.reading.units import read_file

STORY = [
    "The town council of Harwick decided on Monday to close the old mill to visitors, after two floors gave way.",
    "Mayor Ada Finch said the repair would take nine months and cost the town 3.1 million crowns in all.",
    "The owners of eleven shops nearby protested, and the council will hear them again on the last day of May.",
]
TEXT = "\n\n".join(STORY)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def read(folder: Path, page: str, name: str = "a.html") -> Article | Skipped:
    (folder / name).write_text(page, encoding="utf-8")
    [outcome] = read_file(folder, name)
    return outcome


def article(folder: Path, page: str) -> Article:
    outcome = read(folder, page)
    assert isinstance(outcome, Article), outcome
    return outcome


def page(body: str, head: str = "") -> str:
    return f"<html lang='en'><head><title>Mill to close | The Wren</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("around", ["<article>{}</article>", "<main>{}</main>", "<div>{}</div>"])
def test_a_comment_inside_a_paragraph_cuts_nothing(tmp_path: Path, around: str) -> None:
    body = BODY.replace("nine months", "<!-- -->nine<!-- --> months").replace("eleven", "<b>eleven</b><!-- x --> ")
    assert article(tmp_path, page(around.format(body))).text.split() == TEXT.split()


@pytest.mark.parametrize(
    "body",
    [
        f"<article class='post category-social'>{BODY}</article>",
        f"<div class='no-related'><nav>Home</nav>{BODY}</div>",
        f"<div id='newsletter-page'><div class='promo'>{BODY}</div></div>",
        f"<div style='visibility: hidden'><h1>Mill to close</h1>{BODY}</div>",
        f"<section style='opacity: 0; visibility:hidden;'>{BODY}</section><p>Loading</p>",
        f"<div><p class='share-lead'>{STORY[0]}</p><p>{STORY[1]}</p><p class='related'>{STORY[2]}</p></div>",
        f"<div class='entry-content read-more'>{BODY}</div><footer>Copyright The Wren</footer>",
    ],
)
def test_no_name_of_an_element_takes_the_story_away(tmp_path: Path, body: str) -> None:
    text = article(tmp_path, page(body)).text
    assert all(paragraph in text for paragraph in STORY)
    assert "Home" not in text and "Copyright" not in text


LONG = "".join(f"<p>{one} {one}</p>" for one in STORY)


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='page' style='display: none'>{LONG}</div><script>document.body.append()</script>",
        f"<div hidden>{LONG}</div>",
        f"<main aria-hidden='true'>{LONG}</main>",
        f"<nav class='navbar fixed-top'><a href='/'>Home</a><main>{LONG}</main></nav>",
        f"<nav><ul><li><a href='/'>Home</a></li></ul>{LONG}",  # a menu without an end
        "".join(f"<figure><figcaption class='caption'><p>{one} {one}</p></figcaption></figure>" for one in STORY),
    ],
)
def test_what_hides_nearly_all_of_the_page_hides_nothing(tmp_path: Path, body: str) -> None:
    text = article(tmp_path, page(body)).text
    assert all(paragraph in text for paragraph in STORY)


def test_words_hidden_beside_the_story_are_not_read(tmp_path: Path) -> None:
    hidden = f"<div style='display:none'><p>{STORY[0].replace('close', 'sell')}</p></div>"
    assert "sell" not in article(tmp_path, page(f"<article>{BODY}</article>{hidden}")).text


@pytest.mark.parametrize(
    ("title", "body", "reason"),
    [
        ("404 Not Found", "<h1>404</h1><p>The page you are looking for has moved to another place.</p>", "error"),
        ("Pagina non trovata | Il Corriere", "<p>Torna alla pagina principale del giornale.</p>", "error"),
        ("Страница не найдена", "<p>Попробуйте найти нужный материал через поиск на сайте.</p>", "error"),
        ("Az oldal nem található", "<p>Nézzen vissza később, vagy keressen mást a lapon.</p>", "error"),
        ("ไม่พบหน้านี้", "<p>กรุณากลับไปที่หน้าแรกของเว็บไซต์หนังสือพิมพ์</p>", "error"),
        ("Halaman tidak ditemukan", "<p>Silakan kembali ke beranda surat kabar ini.</p>", "error"),
        ("صفحه یافت نشد", "<p>لطفا به صفحه نخست روزنامه برگردید و دوباره جستجو کنید.</p>", "error"),
        ("ページが見つかりません", "<p>お探しのページは移動または削除された可能性があります。</p>", "error"),
        ("Just a moment...", "<p>The Wren needs to review the security of your connection first.</p>", "robots"),
        ("The Wren", "<p>Verify you are human</p><p>Solve the captcha below to go on to the site.</p>", "robots"),
        (
            "Die Lerche",
            "<p>Bestätigen Sie, dass Sie kein Roboter sind.</p><p>Dieses Captcha schützt uns.</p>",
            "robots",
        ),
        (
            "The Wren",
            "<p>We and our 812 partners use cookies and ask for your consent.</p>"
            "<p>Accept all cookies, or read our privacy policy to refuse.</p>",
            "cookies",
        ),
        (
            "Il Merlo",
            "<p>Noi e i nostri partner usiamo i cookie con il tuo consenso.</p><p>Accetta i cookie o rifiuta.</p>",
            "cookies",
        ),
        (
            "Die Lerche",
            "<p>Wir verwenden Cookies mit Ihrer Einwilligung.</p><p>Alle Cookies akzeptieren oder ablehnen.</p>",
            "cookies",
        ),
        ("Mill to close", f"<p>{STORY[0]}</p><p>Subscribe to continue reading this article.</p>", "paid"),
        ("La mairie", f"<p>{STORY[0]}</p><p>Cet article est réservé aux abonnés. Déjà abonné ?</p>", "paid"),
        ("Değirmen", f"<p>{STORY[0]}</p><p>Haberin devamı yalnızca abonelere açıktır.</p>", "paid"),
        ("Mylly", f"<p>{STORY[0]}</p><p>Juttu on vain tilaajille. Kirjaudu sisään.</p>", "paid"),
        ("Nhà máy", f"<p>{STORY[0]}</p><p>Nội dung chỉ dành cho người đăng ký.</p>", "paid"),
        ("Млин", f"<p>{STORY[0]}</p><p>Щоб читати далі, оформіть передплату.</p>", "paid"),
    ],
)
def test_a_page_without_an_article_is_skipped(tmp_path: Path, title: str, body: str, reason: str) -> None:
    outcome = read(tmp_path, f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    begins = {
        "error": "it is the page of an error, not of an article",
        "robots": "it is a check for robots, not an article",
        "cookies": "it is a question about cookies, not an article",
        "paid": "it holds only the beginning of an article that must be paid for",
    }
    assert isinstance(outcome, Skipped) and outcome.reason.startswith(begins[reason])


@pytest.mark.parametrize(
    "brief",
    [
        "500 people were left without light in Harwick on Sunday night, the power company said.",
        "Access denied to aid workers at the border, the agency said on Monday in Harwick.",
        "The regulator fined the firm over cookies: users could not accept or refuse them freely, it said.",
        "Subscribers of the Wren grew by a tenth last year, its owner said on Friday.",
        "Tilaajat saivat lehden myöhässä Harwickissa, ja sivua painettiin uudelleen yöllä, yhtiö kertoi.",
        "Halaman istana dibuka untuk warga Harwick pada hari Minggu, kata wali kota Ada Finch.",
        "Robots will clean the port of Corran from June, and a captcha guards their controls.",
    ],
)
def test_a_short_report_about_such_things_is_an_article(tmp_path: Path, brief: str) -> None:
    markup = f"<html><head><title>{brief[:30]}</title></head><body><article><p>{brief}</p></article></body></html>"
    assert article(tmp_path, markup).text == brief


TEASER = '{"@type": "NewsArticle", "headline": "Other", "datePublished": "2019-01-01", "url": "https://w.example/o"}'
OWN = (
    '{"@type": "NewsArticle", "headline": "Mill to close", "datePublished": "2024-03-05", "url": "https://w.example/m"}'
)
CANONICAL = "<link rel='canonical' href='https://w.example/m'>"


def ld(*objects: str) -> str:
    return "".join(f"<script type='application/ld+json'>{one}</script>" for one in objects)


@pytest.mark.parametrize(
    "head",
    [
        ld(TEASER, OWN) + CANONICAL,
        ld(f"[{TEASER}, {OWN}]"),
        ld(f'{{"@type": "ItemList", "itemListElement": [{TEASER}]}}', OWN),
        ld(TEASER.replace('"2019', '"2018'), TEASER) + "<meta name='date' content='2024-03-05'>",
        ld(f'{{"@graph": [{TEASER}, {{"@type": "WebPage", "mainEntity": {OWN}}}]}}') + CANONICAL,
    ],
)
def test_the_articles_own_day_and_title_win_over_those_of_a_teaser(tmp_path: Path, head: str) -> None:
    one = article(tmp_path, page(f"<h1>Mill to close</h1>{BODY}", head))
    assert (one.title, one.published) == ("Mill to close", "2024-03-05")


@pytest.mark.parametrize(
    "body",
    [
        "<aside><time datetime='2019-01-01'></time></aside><h1>Mill</h1><time datetime='2024-03-05'></time>{}",
        "<ul><li><time datetime='2019-01-01'></time></li></ul><div><h1>Mill</h1><time>5 March 2024</time></div>{}",
        "<article><time datetime='2019-01-01'></time></article><article><time datetime='2024-03-05T09:00'></time>"
        "<h1>Mill</h1>{}</article>",
        "<time datetime='2019-01-01'></time><div><h1>M</h1><span itemprop='datePublished' content='20240305'></span>{}"
        "</div>",
    ],
)
def test_the_time_nearest_to_the_headline_is_the_articles(tmp_path: Path, body: str) -> None:
    assert article(tmp_path, page(body.format(BODY))).published == "2024-03-05"


@pytest.mark.parametrize(
    "head",
    [
        ld('{"@type": "NewsArticle", "headline": "Mill\nto close", "datePublished": "2024-03-05"}'),
        ld('/*<![CDATA[*/{"@type": "Article", "datePublished": "2024-03-05"}/*]]>*/'),
        ld('<!-- {"@type": "Article", "datePublished": "2024-03-05",} -->'),
        ld('{"@type": ["https://schema.org/NewsArticle", "WebPage"], "datePublished": "2024-03-05"};'),
        ld('{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "Tue, 5 Mar 2024 08:00 GMT"}}'),
        ld('{"@type": "LiveBlogPosting", "coverageStartTime": "2024-03-05T08:00:00Z"}'),
        "<meta property='article:published_time' content='Tue, 05 Mar 2024 23:30:00 +0100'>",
        "<meta name='date' content='2024/03/05'>",
        "<meta name='pubdate' content='20240305T083000Z'>",
        "<meta name='DC.date.issued' content='March 5, 2024'>",
        "<meta name='date' content='5. März 2024'>",
        "<meta name='date' content='5 березня 2024 р.'>",
        "<meta itemprop='datePublished' content='2024年3月5日'>",
        "<meta itemprop='datePublished' content='2024년 3월 5일'>",
        "<meta name='date' content='1er tháng 3'><meta name='pubdate' content='ngày 5 tháng 3 năm 2024'>",
        "<meta name='date' content='Τρίτη 5η Μαρτίου 2024'>",
        "<meta name='date' content='Tuesday, the 5th of March 2024'>",
        "<link rel='canonical' href='https://w.example/2024/03/05/mill'>",
        "<meta property='og:url' content='https://w.example/news/20240305-mill.html'>",
        "<link rel='canonical' href='https://w.example/2024/mar/05/mill'>",
    ],
)
def test_a_page_may_write_its_day_in_any_of_the_usual_ways(tmp_path: Path, head: str) -> None:
    assert article(tmp_path, page(BODY, head)).published == "2024-03-05"
