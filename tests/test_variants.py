"""What newsrooms have, kind by kind: more variants, in many languages and formats, of what was once misread."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from samples import docx, paragraph, pdf, read, read_one

from index.articles import Article, Skipped
from index.generations.copies import is_copy
from index.languages.detection import decided_language, detect_language
from index.splitting.asides import find_asides
from index.splitting.corrections import corrected
from index.splitting.sentences import split_sentences

STORY = (
    "The council of Malden voted nine to four on Monday to close the Orrin bridge to lorries until the end of May.",
    "Mayor Ines Holt said that the works would cost the town 4.2 million euros, half of which the region will pay.",
    "Hauliers protested in front of the town hall; their spokesman Piet Aldous called the decision a disaster.",
)
BODY = "".join(f"<p>{one}</p>" for one in STORY)
MENU = "<ul><li><a href='/'>Home</a></li><li><a href='/n'>News</a></li></ul>"


def page(body: str, head: str = "", title: str = "Bridge to close | The Wren") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{MENU}{body}</body></html>"


def ld(told: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(told, ensure_ascii=False)}</script>"


# Pages: comments, names of elements, what hides.
@pytest.mark.parametrize(
    "body",
    [
        "<article>" + BODY.replace(" on ", " <!-- -->on<!-- --> ") + "</article>",
        "<main>" + BODY.replace("4.2", "<!--$-->4.2<!--/$-->") + "</main>",
        f"<!--[if gte mso 9]><xml></xml><![endif]--><div>{BODY}</div>",
        f"<article class='social-affairs promo'>{BODY}</article>",
        f"<div id='newsletter-page'><div class='share-content'>{BODY}</div></div>",
        f"<section class='advert-free caption-less related'>{BODY}</section>",
        f"<div class='read-more-wrapper read-more' style='visibility:hidden'>{BODY}</div>",
        f"<div style='visibility: hidden' class='cookies'><main>{BODY}</main></div>",
        f"<div class='recommended-reading share'><h1>Bridge to close</h1>{BODY}</div>",
        f"<div class='paywall-content social'>{''.join(f'<div>{one}</div>' for one in STORY)}</div>",
        f"<td class='promo'>{'<br><br>'.join(STORY)}</td>",
        f"<div class='share'>{'<br>'.join(STORY)}</div><div class='share'><a href='/s'>Share</a></div>",
    ],
)
def test_a_page_keeps_its_whole_story(tmp_path: Path, body: str) -> None:
    text = " ".join(read_one(tmp_path, "a.html", page(body)).text.split())
    assert [one for one in STORY if one not in text] == []


# Lists, quotations and paragraphs that begin like an aside.
@pytest.mark.parametrize(
    "line",
    [
        "Per approfondire il caso la procura ha sentito dodici testimoni a Valdena.",
        "Read more than forty pages of the report and you find no name, the judge said in Osk.",
        "Lesen Sie mehr Bücher, riet die Ministerin den Schülern in Harwede.",
        "Voir aussi loin que possible, tel est le but du phare d'Osk, a dit le maire.",
        "Lea también los niños, pidió la ministra en Valdena.",
        "Читайте также больше книг, сказала министр школьникам в Малдене.",
        "See also is the name of a band from Osk that won the prize on Sunday.",
        "- The bridge stays closed to lorries until the end of May, said the mayor.",
        "“Lire la suite demain, c'est la règle”, a dit la directrice de l'école.",
    ],
)
def test_a_line_of_news_that_begins_like_an_aside_stays(line: str) -> None:
    paragraphs = " ".join(STORY)
    assert find_asides("\n".join([paragraphs, line, paragraphs])) == []


# Pages that hold no article.
@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("500 Internal Server Error", "<h1>500 Internal Server Error</h1><p>nginx</p>"),
        ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
        ("Page introuvable - La Grive", "<p>La page que vous cherchez n'existe pas ou plus.</p>"),
        ("Seite nicht gefunden", "<p>Die Seite wurde verschoben. Zur Startseite der Lerche.</p>"),
        ("Página no encontrada", "<p>Vuelva a la portada del diario o use el buscador.</p>"),
        ("页面不存在", "<p>您访问的页面不存在或已被删除，请返回首页。</p>"),
        ("페이지를 찾을 수 없습니다", "<p>요청하신 페이지가 삭제되었거나 이동되었습니다.</p>"),
        (
            "Attention Required! | Cloudflare",
            "<h1>Please complete the security check</h1><p>Captcha: are you human?</p>",
        ),
        ("Access denied", "<h1>Access Denied</h1><p>You don't have permission to access this server.</p>"),
        ("Vérification", "<p>Vérifiez que vous êtes humain.</p><p>Résolvez le captcha pour continuer.</p>"),
        (
            "La Grive",
            "<p>Nous et nos partenaires utilisons des cookies avec votre "
            "consentement.</p><p>Accepter les cookies ou refuser les cookies.</p>",
        ),
        (
            "El Mirlo",
            "<p>Nosotros y nuestros socios usamos cookies con su consentimiento.</p><p>Aceptar las "
            "cookies o rechazar las cookies.</p>",
        ),
        ("O Melro", f"<p>{STORY[0]}</p><p>Conteúdo exclusivo para assinantes. Já é assinante? Entre.</p>"),
        (
            "Il Merlo",
            f"<p>{STORY[0]}</p><p>Questo articolo è riservato agli abbonati. Abbonati per continuare a leggere.</p>",
        ),
        (
            "Die Lerche",
            f"<p>{STORY[0]}</p><p>Jetzt abonnieren und weiterlesen. Dieser Artikel ist nur für Abonnenten.</p>",
        ),
        ("El Mirlo", f"<p>{STORY[0]}</p><p>Contenido exclusivo para suscriptores. Suscríbete para seguir leyendo.</p>"),
        ("Дрозд", f"<p>{STORY[0]}</p><p>Полный текст доступен только подписчикам.</p>"),
        (
            "鶫新聞",
            "<p>マルデン市議会は月曜日に橋を閉じることを決めた。</p><p>この記事は有料会員限定です。残り1200文字</p>",
        ),
    ],
)
def test_a_page_that_holds_no_article_is_listed(tmp_path: Path, title: str, body: str) -> None:
    [outcome] = read(tmp_path, "a.html", f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    assert isinstance(outcome, Skipped), outcome


# Whose day and title.
PICTURE = {"@type": "ImageObject", "name": "Cranes", "datePublished": "2019-01-01"}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Port idle",
    "datePublished": "2019-01-01",
    "url": "https://w.example/port",
}
OWN = {"@type": "NewsArticle", "headline": "Bridge to close", "datePublished": "2024-03-05"}


@pytest.mark.parametrize(
    "html",
    [
        page(f"<h1>Bridge to close</h1>{BODY}", ld({**OWN, "image": PICTURE, "hasPart": [OTHER]})),
        page(f"<h1>Bridge to close</h1>{BODY}", ld([OTHER, {**OTHER, "headline": "Ferry"}, OWN])),
        page(f"<h1>Bridge to close</h1>{BODY}", ld({"@type": "CollectionPage", "hasPart": [OTHER, OTHER]}) + ld(OWN)),
        page(
            f"<section class='teasers'><article><h2>Port idle</h2><time "
            f"datetime='2019-01-01'></time></article></section>"
            f"<article><h1>Bridge to close</h1><p class='d'><time datetime='2024-03-05T08:00+01:00'>5 March</time></p>"
            f"{BODY}</article>"
        ),
        page(
            f"<h1>Bridge to close</h1><time itemprop='datePublished' datetime='2024-03-05'></time>{BODY}"
            "<figure><time datetime='2019-01-01'></time><img></figure>"
        ),
        page(
            f"<h1>Bridge to close</h1>{BODY}",
            ld(OTHER) + "<meta property='article:published_time' content='2024-03-05T08:00:00+01:00'>",
        ),
    ],
)
def test_day_and_title_are_the_articles_own(tmp_path: Path, html: str) -> None:
    one = read_one(tmp_path, "a.html", html)
    assert (one.title, one.published) == ("Bridge to close", "2024-03-05")


MEDIA = "xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"


@pytest.mark.parametrize(
    "entry",
    [
        "<media:group><media:title>Cranes</media:title><media:content url='x'/></media:group>{}",
        "<media:title>Cranes</media:title><media:description>A crane</media:description>{}",
        "<itunes:title>Episode</itunes:title><itunes:summary>Spoken</itunes:summary>{}",
        "<media:content><media:credit>Tom Vale</media:credit><media:text>Photograph</media:text></media:content>{}",
        "<source url='https://o.example'>Other</source><enclosure url='x' type='image/png' length='1'/>{}",
    ],
)
def test_what_a_feed_tells_of_pictures_is_not_the_entry(tmp_path: Path, entry: str) -> None:
    own = f"<title>Bridge to close</title><description>{STORY[0]}</description><pubDate>2024-03-05</pubDate>"
    feed = f"<rss {MEDIA}><channel><title>Wren</title><item>{entry.format(own)}</item></channel></rss>"
    one = read_one(tmp_path, "a.rss", feed)
    assert (one.title, one.text, one.published) == ("Bridge to close", STORY[0], "2024-03-05")


# Days of feeds, of names of files, of front matter.
@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "Tue, 05 Mar 2024"),
        ("en", "05 Mar 24 08:00 GMT"),
        ("en", "Tuesday, March 5, 2024 - 08:00"),
        ("en", "2024-03-05"),
        ("en", "2024-03-05 08:00:00"),
        ("en", "20240305T080000Z"),
        ("it", "mar, 05 mar 2024 08:00:00 +0100"),
        ("it", "martedì 5 marzo 2024"),
        ("de", "Di, 05 Mär 2024 08:00:00 +0100"),
        ("de", "Dienstag, 5. März 2024"),
        ("fr", "mar., 05 mars 2024 08:00:00 +0100"),
        ("es", "mar, 05 mar 2024 08:00:00 +0100"),
        ("pt", "ter, 05 mar 2024 08:00:00 -0300"),
        ("pl", "wt., 05 mar 2024 08:00:00 +0100"),
        ("pl", "5 marca 2024"),
        ("ru", "Вт, 05 мар 2024 08:00:00 +0300"),
        ("ru", "5 марта 2024 г."),
        ("cs", "5. března 2024"),
        ("hu", "2024. március 5."),
        ("fi", "5. maaliskuuta 2024"),
        ("tr", "Sal, 05 Mar 2024 08:00:00 +0300"),
        ("nl", "di, 05 mrt 2024 08:00:00 +0100"),
        ("sv", "tis, 05 mars 2024 08:00:00 +0100"),
        ("el", "Τρι, 05 Μαρ 2024 08:00:00 +0200"),
        ("ja", "2024年3月5日(火) 8:00"),
        ("ko", "2024년 3월 5일"),
        ("ar", "5 مارس 2024"),
        ("ar", "الثلاثاء، ٥ مارس ٢٠٢٤"),
        ("fa", "5 مارس 2024"),
        ("he", "5 במרץ 2024"),
        ("hi", "5 मार्च 2024"),
        ("th", "5 มีนาคม 2567"),
        ("vi", "Thứ ba, 5 tháng 3, 2024"),
        ("it", "05/03/2024"),
        ("de", "05.03.2024 08:00"),
    ],
)
def test_a_feed_writes_its_day_in_its_own_way(tmp_path: Path, language: str, day: str) -> None:
    feed = (
        f"<rss><channel><title>W</title><language>{language}</language><item><title>T</title>"
        f"<description>{STORY[0]}</description><pubDate>{day}</pubDate></item></channel></rss>"
    )
    assert read_one(tmp_path, "a.rss", feed).published == "2024-03-05"


@pytest.mark.parametrize(
    "name",
    [
        "2024.03.05 ponte.txt",
        "20240305_bridge.txt",
        "bridge-20240305.txt",
        "bridge 5 March 2024.txt",
        "05-03-2024-ponte-della-città.txt",
        "05.03.2024 Brücke.txt",
        "March 5, 2024 bridge.txt",
        "5-mars-2024-pont.txt",
        "2024_03_05-bridge.txt",
        "bridge-2024-03-05-final.txt",
        "Brücke 5. März 2024.txt",
        "5 marzo 2024 ponte.txt",
        "bridge_2024-03-05T0800.txt",
        "20240305T080000-bridge.txt",
        "мост 5 марта 2024.txt",
        "2024年3月5日 橋.txt",
    ],
)
def test_the_name_of_a_file_tells_its_day(tmp_path: Path, name: str) -> None:
    text = {"05-": "Il consiglio di Malden ha deciso lunedì di chiudere il ponte ai camion fino a maggio."}
    assert read_one(tmp_path, name, text.get(name[:3], STORY[0])).published == "2024-03-05"


@pytest.mark.parametrize(
    "matter",
    [
        "---\ndate: 2024-03-05T08:00:00+01:00\ntitle: Bridge to close\n---\n",
        "---\ntitle: 'Bridge to close'\ndate: 2024-03-05 08:00:00 +0100\nlayout: post\n---\n",
        "\n\n---\nTitle: Bridge to close\nDate: 5 March 2024\n---\n",
        "+++\ntitle = 'Bridge to close'\ndate = 2024-03-05\ntags = ['town']\n+++\n",
        "+++\n[params]\nx = 1\n+++\n".replace(
            "[params]", 'title = "Bridge to close"\npublishDate = "2024-03-05"\n[params]'
        ),
        "---\nTITLE: Bridge to close\nPUBLISHED: 2024-03-05\n---\n",
        "\ufeff---\r\ntitle: Bridge to close\r\npubDate: 2024/03/05\r\n---\r\n",
        "---\ncreated: 2024-03-05\naliases: [a]\nheadline: Bridge to close\n---\n",
        "---\ndate: 05.03.2024\ntitle: Bridge to close\n...\n",
        '---json\n{"title": "Bridge to close", "date": "2024-03-05"}\n---\n',
        '{\n  "title": "Bridge to close",\n  "date": "2024-03-05"\n}\n\n',
        "Title: Bridge to close\nDate: 2024-03-05\nCategory: town\n\n",
        "+++\ntitle = 'Bridge to close'\ndate = 2024-03-05T10:00:00+01:00\ndraft = false\n[extra]\na = 1\n+++\n",
        "---\ncreated: 2024/03/05\ntitle: Bridge to close\nurl: /bridge/\nauthors:\n  - A. Finch\n---\n",
        "---\npubDate: Tue, 05 Mar 2024 08:00:00 GMT\ntitle: Bridge to close\nlang: en\n---\n",
    ],
)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_front_matter_of_any_tool_is_read(tmp_path: Path, matter: str, ending: str) -> None:
    one = read_one(tmp_path, f"a.{ending}", matter + "\n".join(STORY[:1]) + "\n")
    assert (one.title, one.published, one.text.strip()) == ("Bridge to close", "2024-03-05", STORY[0])


# Wire copy.
@pytest.mark.parametrize("ending", ["md", "txt"])
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("``We stay,'' he said. ``We vote.''", "“We stay,” he said. “We vote.”"),
        ("``Wir bleiben'', sagte er.", "“Wir bleiben”, sagte er."),
        ("''Nous restons,'' a-t-il dit.", "“Nous restons,” a-t-il dit."),
        ("He said: ``It is `the' bridge.''", "He said: “It is ‘the’ bridge.”"),
        ("MALDEN (W) -- The bridge is closed.", "MALDEN (W) -- The bridge is closed."),
        ("((Eds: adds quote))\nThe bridge is closed.", "The bridge is closed."),
        ("The bridge is closed.\n\n-30-", "The bridge is closed."),
        ("Il ponte è chiuso.\n\n(FINE)", "Il ponte è chiuso."),
        ("Die Brücke ist zu.\n\n(ENDE)", "Die Brücke ist zu."),
        ("The bridge is closed.\n\n***", "The bridge is closed."),
        ("El puente está cerrado.\n\nFIN", "El puente está cerrado."),
        ("橋は閉じた。\n\n（了）", "橋は閉じた。"),
    ],
)
def test_marks_of_wire_copy_are_what_they_mean(tmp_path: Path, ending: str, written: str, stored: str) -> None:
    assert read_one(tmp_path, f"a.{ending}", written + "\n").text.strip() == stored


# Mails: encodings, parts, what is forwarded and attached.
def mail(charset: str, content: bytes, encoding: str = "8bit") -> bytes:
    head = (
        f"From: a@wren.example\nSubject: Costs\nDate: Tue, 5 Mar 2024 08:00:00 "
        f"+0100\nMIME-Version: 1.0\nContent-Type: text/plain; "
        f"charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + content


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "Costs rose 5–10 percent to 3 € a “litre”, the town said."),
        ("us-ascii", "cp1252", "Costs rose 5–10 percent to 3 € a “litre”, the town said."),
        ("latin1", "cp1252", "Die Kosten stiegen um 5–10 Prozent auf 3 €, sagte die „Stadt“."),
        ("iso-8859-9", "cp1254", "Maliyet yüzde 5–10 arttı, dedi “belediye” 3 € için İstanbul'da."),
        ("gb2312", "gb18030", "马尔登市议会星期一决定关闭奥林大桥，市长说要花費四百万欧元。"),
        ("shift_jis", "cp932", "髙橋市長は①橋を閉じると述べた。マルデン市議会は月曜日に決めた。"),
        ("ks_c_5601-1987", "cp949", "서울시의회는 월요일 오린 다리를 닫기로 했다. 똠방각하."),
        ("iso-2022-jp", "iso2022_jp", "マルデン市議会は月曜日に橋を閉じると決めた。"),
        ("windows-1251", "cp1251", "Совет Малдена решил закрыть мост – на 5–10 месяцев."),
        ("koi8-r", "koi8_r", "Совет Малдена решил закрыть мост на одиннадцать месяцев."),
        ("unknown-8bit", "cp1252", "Les coûts ont augmenté de 5 à 10 %, a dit la “ville” à Élan."),
        ("utf-8", "cp1252", "Les coûts ont augmenté de 5–10 %, a dit la “ville” à Élan, où l’été fut déjà très sec."),
    ],
)
def test_a_mail_is_read_in_what_its_charset_means(tmp_path: Path, charset: str, codec: str, text: str) -> None:
    assert read_one(tmp_path, "a.eml", mail(charset, text.encode(codec) + b"\n")).text.strip() == text


def composed(subject: str = "Bridge") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@w.example", subject, "Tue, 5 Mar 2024 08:00:00 +0100"
    return message


def test_the_fullest_part_of_a_mail_is_read(tmp_path: Path) -> None:
    for stub in ("Please view in your browser.", "Questa mail richiede HTML.", "Ihr Programm zeigt kein HTML."):
        message = composed()
        message.set_content(stub)
        message.add_alternative(f"<html><body>{BODY}</body></html>", subtype="html")
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
        [article] = [one for one in read(tmp_path, "a.eml", bytes(message)) if isinstance(one, Article)]
        assert all(one in article.text for one in STORY) and stub not in article.text


def test_text_after_a_picture_belongs_to_the_mail(tmp_path: Path) -> None:
    for kind, subtype in (("image", "jpeg"), ("audio", "mpeg"), ("application", "octet-stream")):
        parts = [f"--B\nContent-Type: text/plain\n\n{one}\n" for one in STORY]
        parts.insert(1, f"--B\nContent-Type: {kind}/{subtype}\nContent-Disposition: inline\n\nxyz\n")
        head = "From: a@w.example\nSubject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        outcomes = read(tmp_path, "a.eml", head + "".join(parts) + "--B--\n")
        [article] = [one for one in outcomes if isinstance(one, Article)]
        assert all(one in article.text for one in STORY), article.text


def test_what_is_forwarded_or_attached_is_an_article_of_its_own(tmp_path: Path) -> None:
    inner = composed("The bridge is to close")
    inner.set_content("\n\n".join(STORY))
    for name, content in (
        ("strike.txt", STORY[2].encode()),
        ("strike.html", page(BODY).encode()),
        ("strike.docx", docx("".join(map(paragraph, STORY)))),
        ("strike.pdf", pdf([list(STORY)])),
    ):
        message = composed()
        message.set_content("See below. The mayor spoke in Osk on Sunday evening.")
        message.add_attachment(inner)
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        found = {one.id: one for one in read(tmp_path, "a.eml", bytes(message)) if isinstance(one, Article)}
        assert {"a.eml", f"a.eml/{name}"} < set(found) and len(found) == 3
        assert STORY[2][:40] in found[f"a.eml/{name}"].text


# Languages.
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("马尔登市议会决定关闭の大桥，市长说关闭将持续十一个月。", "zh"),
        ("日本品牌「カワイ」在北京开店，店长说一切顺利，顾客很多。", "zh"),
        ("橋は閉鎖。市議会が決定。", "ja"),
        ("Chi ha vinto?", "it"),
        ("Wer gewann?", "de"),
        ("Qui a gagné ?", "fr"),
        ("¿Quién ganó?", "es"),
        ("Quem ganhou?", "pt"),
        ("Who won?", "en"),
        ("Wie heeft gewonnen?", "nl"),
        ("Kto wygrał?", "pl"),
        ("Кто победил?", "ru"),
        ("Хто переміг?", "uk"),
        ("Kim kazandı?", "tr"),
        ("Vem vann?", "sv"),
        ("Hvem vandt?", "da"),
        ("Kuka voitti?", "fi"),
        ("Ki nyert?", "hu"),
        ("Cine a câștigat?", "ro"),
        ("Kdo vyhrál?", "cs"),
        ("من فاز؟", "ar"),
        ("מי ניצח?", "he"),
        ("किसने जीता?", "hi"),
        ("谁赢了？", "zh"),
        ("誰が勝った？", "ja"),
        ("누가 이겼나?", "ko"),
        ("ใครชนะ", "th"),
        ("Ai thắng?", "vi"),
        ("Siapa yang menang?", "id"),
        ("Ποιος κέρδισε;", "el"),
        ("چه کسی برد؟", "fa"),
        ("وزیر اعلیٰ نے پیر کو پل بند کرنے کا اعلان کیا ہے۔", "ur"),
        ("মালডেনের সেতু বন্ধ হবে।", "bn"),
        ("மால்டன் பாலம் மூடப்படும்.", "ta"),
        ("ხიდი დაიხურება ორშაბათს.", "ka"),
        ("Կամուրջը կփակվի երկուշաբթի։", "hy"),
    ],
)
def test_a_text_is_in_its_language(text: str, language: str) -> None:
    assert detect_language(text) == language


ITALIAN = (
    "Il consiglio comunale di Malden ha deciso lunedì di chiudere il ponte ai camion fino alla fine "
    "di maggio. La sindaca "
    "ha detto che i lavori costeranno quattro milioni di euro e dureranno undici mesi, e che la "
    "regione ne pagherà metà."
)


@pytest.mark.parametrize("declared", ["en-US", "en", "de-DE", "en_GB"])
def test_what_a_system_declares_everywhere_is_not_the_texts_language(declared: str) -> None:
    assert decided_language(ITALIAN, declared) == "it"
    assert decided_language("马尔登市议会决定关闭大桥。" * 9, declared) == "zh"
    assert decided_language("Совет Малдена решил закрыть мост для грузовиков до конца мая. " * 5, declared) == "ru"


# PDF and Word.
@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["The well-", "known mayor of Mal-", "den spoke. Malden is a town."], "The well-known mayor of Malden spoke."),
        (["Il con-", "siglio ha deciso."], "Il consiglio ha deciso."),
        (["Die Brü-", "cke ist zu."], "Die Brücke ist zu."),
        (["The 11-", "month closure begins."], "The 11-month closure begins."),
        (["Ein Ost-", "West-Dialog begann."], "Ein Ost-West-Dialog begann."),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_of_a_pdf(tmp_path: Path, lines: list[str], wanted: str) -> None:
    assert wanted in " ".join(read_one(tmp_path, "a.pdf", pdf([lines])).text.split())


RUN = "<w:r>{}<w:t>{}</w:t></w:r>".format


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        (RUN("", "Shown ") + RUN("<w:rPr><w:vanish/></w:rPr>", "hidden ") + RUN("", "end."), "Shown end."),
        (
            "<w:del>" + "<w:r><w:delText>Old </w:delText></w:r></w:del><w:ins>" + RUN("", "New end.") + "</w:ins>",
            "New end.",
        ),
        ("<w:moveFrom>" + RUN("", "Gone ") + "</w:moveFrom><w:moveTo>" + RUN("", "Here.") + "</w:moveTo>", "Here."),
        (RUN("<w:rPr><w:vanish w:val='0'/></w:rPr>", "Seen."), "Seen."),
        ("<w:hyperlink>" + RUN("", "Linked ") + "</w:hyperlink>" + RUN("", "text."), "Linked text."),
        ("<w:sdt><w:sdtContent>" + RUN("", "Filled in.") + "</w:sdtContent></w:sdt>", "Filled in."),
    ],
)
def test_a_word_document_is_read_as_it_is_shown(tmp_path: Path, inner: str, wanted: str) -> None:
    assert read_one(tmp_path, "a.docx", docx(f"<w:p>{inner}</w:p>")).text.strip() == wanted


# Corrections.
@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        (
            "en",
            "Eleven miners died in the Brask pit.\n\nThis article was amended on 7 March: nine "
            "miners died, not eleven.",
            "Eleven miners",
        ),
        (
            "en",
            "Eleven miners died in the Brask pit.\n\nEditor's note: A previous version of this story "
            "misstated the number of miners who died. It was nine, not eleven.",
            "Eleven miners",
        ),
        (
            "en",
            "Clarification: Nine miners died, not eleven as first reported.\n\nEleven miners died in the Brask pit.",
            "Eleven miners",
        ),
        (
            "es",
            "Once mineros murieron el lunes.\n\nCorrección: una versión anterior de este artículo "
            "decía que murieron once mineros. Murieron nueve mineros.",
            "Once mineros",
        ),
        (
            "pt",
            "Onze mineiros morreram na segunda-feira.\n\nCorreção: uma versão anterior deste artigo "
            "dizia que onze mineiros morreram. Morreram nove mineiros.",
            "Onze mineiros",
        ),
        (
            "nl",
            "Elf mijnwerkers kwamen maandag om.\n\nCorrectie: in een eerdere versie van dit artikel "
            "stond dat elf mijnwerkers omkwamen. Het waren negen mijnwerkers.",
            "Elf mijnwerkers",
        ),
        (
            "pl",
            "Jedenastu górników zginęło w poniedziałek.\n\nSprostowanie: we wcześniejszej wersji "
            "tego artykułu podaliśmy, że zginęło jedenastu górników. Zginęło dziewięciu górników.",
            "Jedenastu górników",
        ),
        (
            "uk",
            "Одинадцять шахтарів загинули в понеділок.\n\nВиправлення: у попередній версії цієї "
            "статті йшлося, що загинули одинадцять шахтарів. Загинули дев'ять шахтарів.",
            "Одинадцять",
        ),
        (
            "sv",
            "Elva gruvarbetare dog i måndags.\n\nRättelse: I en tidigare version av artikeln stod "
            "det att elva gruvarbetare dog. Nio gruvarbetare dog.",
            "Elva",
        ),
        (
            "ar",
            "قتل 11 عاملا في منجم براسك يوم الاثنين.\n\nتصحيح: ذكرت نسخة سابقة من هذا المقال أن 11 "
            "عاملا قتلوا في المنجم. قتل 9 عمال في المنجم.",
            "قتل 11",
        ),
        (
            "ko",
            "브라스크 탄광에서 광부 11명이 숨졌다.\n\n"
            "정정: 이 기사의 이전 버전은 광부 11명이 숨졌다고 했다. 숨진 광부는 9명이다.",
            "광부 11명이 숨졌다.",
        ),
    ],
)
def test_what_was_taken_back_is_not_quoted(language: str, text: str, wrong: str) -> None:
    kept = [text[one.start : one.end] for one in corrected(text, language, split_sentences(text, language)).sentences]
    assert kept and not any(one.startswith(wrong) for one in kept), kept


# Copies.
BEFORE, BEHIND = " ".join(STORY[1:]), "The works begin on 1 May. The region has yet to agree to its half of the costs."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council will approve the plan.", "The council will not approve the plan."),
        ("The council approves the plan.", "The council never approves the plan."),
        ("Il consiglio approverà il piano.", "Il consiglio non approverà il piano."),
        ("Der Rat stimmt zu.", "Der Rat stimmt nicht zu."),
        ("Le conseil approuve le plan.", "Le conseil n'approuve pas le plan."),
        ("Nine miners died.", "Eleven miners died."),
        ("9 miners died.", "11 miners died."),
        ("Anna Field resigned.", "Ines Holt resigned."),
        ("Совет одобрил план.", "Совет не одобрил план."),
        ("市议会批准了计划。", "市议会没有批准计划。"),
        ("市議会は計画を承認した。", "市議会は計画を承認しなかった。"),
        ("وافق المجلس على الخطة.", "لم يوافق المجلس على الخطة."),
    ],
)
def test_a_sentence_that_says_something_else_makes_no_copy(one: str, other: str) -> None:
    first, second = (f"{BEFORE} {sentence} {BEHIND}" for sentence in (one, other))
    assert not is_copy(first, second) and not is_copy(second, first) and is_copy(first, first)
    assert not is_copy(f"{first} It was late.", first) and not is_copy(first, f"{first} It was late.")
