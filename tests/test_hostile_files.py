"""Whatever lies in the folder: every file is read or skipped with its reason, within its limits, and nothing else."""

import json
import os
import random
import socket
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from samples import docx, paragraph, pdf, zipped

from index.articles import Article, Skipped
from index.files import list_files
from index.readers.kinds import READERS
from index.reading import read_file
from index.workers import Workers

pytestmark = pytest.mark.slow

WORDS = "Engineer Ada Finch led the repair of the bridge in Marlow, which cost 3,200 crowns."


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Workers]]:
    """A folder, and the child processes that read it."""
    folder = tmp_path_factory.mktemp("articles")
    with Workers(folder, 1) as workers:
        yield folder, workers


def laughing(depth: int) -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(depth))
    return f"<!DOCTYPE r [{entities}]><rss><item><description>&a{depth - 1};</description></item></rss>"


OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><item><title>&x;</title></item></rss>'
NO_KIDS = pdf([[WORDS]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
ITSELF = b"/XObject << /X 5 0 R >>"
FORMS = (
    pdf([[WORDS]])
    .replace(b"/Font << /F1 3 0 R >>", b"/Font << /F1 3 0 R >> " + ITSELF)
    .replace(b"BT /F1", b"/X Do BT /F1")
)
FORMS = FORMS.replace(b"<< /Length", b"<< /Type /XObject /Subtype /Form /Resources << %s >> /Length" % ITSELF)
KEYS = f"/O ({'x' * 32}) /U ({'y' * 32})"
ENCRYPTED = pdf([[WORDS]], trailer=f"/ID [(a) (a)] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 {KEYS} >>")


def page_of(stream: bytes, filters: str) -> bytes:
    """A PDF of one page, whose content is that stream under these filters."""
    before, _, rest = pdf([[WORDS]]).partition(b"<< /Length")
    described = f"<< /Filter [{filters}] /Length {len(stream)} >>\nstream\n".encode()
    return before + described + stream + b"\nendstream" + rest.partition(b"endstream")[2]


def earlier(content: bytes) -> bytes:
    """The same PDF, whose table of objects says that an earlier one is in the same place."""
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % content.rindex(b"xref\n0"))


HOSTILE: dict[str, str | bytes | Callable[[], str | bytes]] = {
    "empty.txt": "",
    "spaces.md": " \n\t\n",
    "nul.txt": b"\0" * 1000,
    "binary.txt": random.Random(0).randbytes(5000),
    "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "office.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "rich.txt": "{\\rtf1 words}",
    "unknown.xyz": WORDS,
    "bomb.zip": lambda: zipped({f"{n}.txt": b" " * 1_000_000 for n in range(65)}),
    "many.zip": lambda: zipped({f"{n}.txt": "x" for n in range(2001)}),
    "nothing.zip": zipped({}),
    "cut.zip": zipped({"a.txt": WORDS * 50})[:-40],
    "noise.zip": b"PK\x03\x04" + random.Random(1).randbytes(500),
    "bomb.docx": lambda: zipped({"word/document.xml": b"<w:p>" + b" " * 65_000_000}),
    "laughs.docx": zipped({"word/document.xml": laughing(9)}),
    "cut.docx": docx(paragraph(WORDS))[:-60],
    "no-document.docx": zipped({"word/other.xml": "<x/>"}),
    "not-xml.docx": zipped({"word/document.xml": "<w:p>"}),
    "deep.docx": lambda: docx("<w:tbl>" * 50_000 + "</w:tbl>" * 50_000),
    "laughs.xml": laughing(9),
    "quadratic.xml": f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]><rss>{"&a;" * 2000}</rss>',
    "outside.rss": OUTSIDE,
    "deep.xml": "<rss>" + "<a>" * 50_000,
    "encrypted.pdf": ENCRYPTED,
    "cut.pdf": pdf([[WORDS]])[:60],
    "noise.pdf": b"%PDF-1.7\n" + random.Random(2).randbytes(3000),
    "loop.pdf": NO_KIDS,
    "kids.pdf": pdf([[WORDS]]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R 2 0 R]"),
    "huge.pdf": lambda: page_of(zlib.compress(bytes(100_000_000), 1), "/FlateDecode"),
    "nested.pdf": lambda: page_of(zlib.compress(zlib.compress(bytes(100_000_000), 1)), "/FlateDecode /FlateDecode"),
    "operators.pdf": lambda: page_of(zlib.compress(b"q Q " * 5_000_000, 1), "/FlateDecode"),
    "no-words.pdf": pdf([[], []]),
    "deep.json": "[" * 100_000,
    "cut.json": '{"text": "Some wor',
    "number.json": '{"text": 7}',
    "digits.json": '{"text": ' + "9" * 100_000 + "}",
    "empty.jsonl": "\n\n",
    "bad-yaml.md": "---\ntitle: a: b: c\n---\nText.",
    "no-headers.eml": "\n\nWords without headers.",
    "no-text.eml": "Subject: x\nContent-Type: image/png\n\nxxxx",
    "no-page.mht": "Subject: x\nContent-Type: text/plain\n\nWords.",
    "scripts.html": "<html><body><script>alert(1)</script><style>p {}</style></body></html>",
    "comment.html": "<!-- <p>Words</p> -->",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_file_that_holds_no_article_is_skipped_with_a_reason(readers: tuple[Path, Workers], name: str) -> None:
    folder, workers = readers
    content = HOSTILE[name]
    content = content() if callable(content) else content
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    [outcomes] = workers.read([name])
    assert outcomes and not any(isinstance(one, Article) for one in outcomes)
    for one in outcomes:
        assert isinstance(one, Skipped) and one.path.startswith(name) and one.reason
        assert "crashed" not in one.reason and "hostname" not in one.reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("line.txt", lambda: (WORDS + " ") * 5_000),
        ("links.html", lambda: f"<html><body><p>{WORDS}</p>" + '<a href="x">y</a> ' * 20_000),
        ("nested.html", lambda: "<div>" * 2_000 + f"<p>{WORDS}</p>"),
        ("pages.pdf", lambda: pdf([[WORDS], *[[]] * 4_999])),
        ("earlier.pdf", lambda: earlier(pdf([[WORDS]]))),
        ("forms.pdf", lambda: FORMS),
        ("size.pdf", lambda: pdf([[WORDS]]).replace(b"/Size ", b"/Size 99999999")),
        ("lying.zip", lambda: zipped({"../../a.txt": WORDS, "b.txt": WORDS, "b.txt ": WORDS})),
        ("laughing.html", lambda: f'<!DOCTYPE r [<!ENTITY a "ha">]><html><body><p>{WORDS} &a;</p></body></html>'),
    ],
)
def test_odd_file_is_read_within_its_limits(
    readers: tuple[Path, Workers], name: str, content: Callable[[], str | bytes]
) -> None:
    folder, workers = readers
    written = content()
    (folder / name).write_bytes(written.encode() if isinstance(written, str) else written)
    [outcomes] = workers.read([name])
    assert any(isinstance(one, Article) and WORDS in one.text for one in outcomes)


def test_sparse_file_of_five_gigabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(5_000_000_000)
    assert read_file(tmp_path, "a.txt") == [Skipped("a.txt", "it has 5000.0 MB; a file may have up to 20 MB")]


def test_member_larger_than_the_archive_says_is_skipped(tmp_path: Path) -> None:
    content, said = zipped({"a.txt": b"x" * 100_000}), (100_000).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(content.replace(said, b"\x10\0\0\0"))
    [skipped] = read_file(tmp_path, "a.zip")
    assert isinstance(skipped, Skipped) and skipped.path == "a.zip/a.txt"


NAMES = [
    b"-rf.txt", b"a b.txt", "è ü ж 中.txt".encode(), "😀.txt".encode(), b"CON.txt", b"a" * 251 + b".txt",
    b"a;b&c|d.txt", b"'quoted'.txt", b"%2e%2e.txt", b"#1.txt", b"a.jsonl#3.txt",
]  # fmt: skip
UNSTORABLE = [b"caf\xe9.txt", b"two\nlines.txt", b"\x1b[31m.txt", "\u202eevil.txt".encode(), "zero\u200b.txt".encode()]


def test_odd_names_are_kept_or_shown_escaped(tmp_path: Path) -> None:
    for name in NAMES + UNSTORABLE:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(WORDS)
    with Workers(tmp_path, 1) as workers:
        outcomes = [outcome for of_file in workers.read(list_files(tmp_path)) for outcome in of_file]
    assert sorted(one.id for one in outcomes if isinstance(one, Article)) == sorted(name.decode() for name in NAMES)
    skipped = [one for one in outcomes if isinstance(one, Skipped)]
    assert len(skipped) == len(UNSTORABLE)
    assert all(one.path.isprintable() and "rename the file" in one.reason for one in skipped)


@pytest.mark.skipif(os.getuid() == 0, reason="root may open everything")
def test_file_without_permission_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WORDS)
    (tmp_path / "a.txt").chmod(0)
    assert read_file(tmp_path, "a.txt") == [Skipped("a.txt", "it may not be opened; give read permission")]


def test_socket_and_links_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "outside.zip").write_bytes(zipped({"a.txt": WORDS}))
    (tmp_path / "in/a.zip").symlink_to(tmp_path / "outside.zip")
    (tmp_path / "in/loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "in/pipe.zip")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "in/socket.pdf"))
    reasons = {path: read_file(tmp_path / "in", path) for path in list_files(tmp_path / "in")}
    assert len(reasons) == 4 and all(isinstance(one, Skipped) for [one] in reasons.values())


# Mutated files: as many of each kind as FUZZ says.

SEEDS: dict[str, bytes] = {
    ".txt": WORDS.encode(),
    ".md": f"---\ntitle: One\npublished: 2024-03-05\n---\n# One\n\n{WORDS}\n\n| a |\n|---|\n| 1 |\n".encode(),
    ".html": f'<html lang="en"><meta name="author" content="A"><body><p>{WORDS}</p></body></html>'.encode(),
    ".pdf": pdf([[WORDS], [WORDS]], title="One"),
    ".docx": docx(paragraph("One", "Title") + paragraph(WORDS), title="One"),
    ".eml": f"From: A <a@b.example>\nSubject: One\nDate: Tue, 5 Mar 2024 10:00:00 +0100\n\n{WORDS}".encode(),
    ".mht": f"Subject: One\nContent-Type: text/html\n\n<p>{WORDS}</p>".encode(),
    ".json": json.dumps([{"title": "One", "text": WORDS, "published": "2024-03-05"}] * 2).encode(),
    ".jsonl": (json.dumps({"title": "One", "text": WORDS}) + "\n").encode() * 2,
    ".xml": f"<rss><channel><item><title>One</title><description>{WORDS}</description></item></channel></rss>".encode(),
    ".zip": zipped({"a.txt": WORDS, "b/c.json": json.dumps({"text": WORDS})}),
}


def test_member_without_a_name_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": WORDS}))
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda archive: [zipfile.ZipInfo("")])
    assert read_file(tmp_path, "a.zip") == [Skipped("a.zip/", "it has no name")]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The same with a few bytes flipped, cut out, doubled or moved."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((1, 4, 50)))
        match chance.randrange(4):
            case 0:
                changed[start:end] = chance.randbytes(end - start)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end] * chance.choice((1, 2, 100))
            case _:
                changed[start:start] = content[-60:]
    return bytes(changed)


@pytest.mark.parametrize("end", SEEDS)
def test_no_mutated_file_ends_its_reader(readers: tuple[Path, Workers], end: str) -> None:
    folder, workers = readers
    chance = random.Random(end)
    for number in range(int(os.environ.get("FUZZ", "20"))):
        (folder / f"mutated{end}").write_bytes(mutated(SEEDS[end], chance))
        [outcomes] = workers.read([f"mutated{end}"])
        reasons = [one.reason for one in outcomes if isinstance(one, Skipped)]
        assert outcomes and not any("crashed" in reason or "took over" in reason for reason in reasons), (
            number,
            reasons,
        )


def test_every_kind_is_mutated() -> None:
    assert {reader for end, reader in READERS.items() if end in SEEDS} == set(READERS.values())
