"""Indexes of two articles as earlier newsdesks and Chromas made them: `stored` in tests/earlier_indexes.zip.

Before a format, the text's cutting or Chroma changes, add what the code in the working directory makes now:

    PYTHONPATH=.:tests python tests/earlier_indexes.py format-5

An old commit's is made in a worktree of it, with this file and the archive copied there, and the archive copied back;
another Chroma's with one that `pip install --no-deps --target=FOLDER chromadb==1.4.1` put first on the PYTHONPATH.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

STORED = Path(__file__).with_suffix(".zip")
ARTICLES = {
    "bridge.md": "---\ntitle: The bridge reopens\npublished: 2024-03-05\nlanguage: en\n---\n\n"
    "The iron bridge in Marlow reopened on 4 March. Engineer Ada Finch led the repair.\n",
    "market.txt": "The market of Collina returns to the square. It has 48 stalls.\n",
}
QUESTION, ANSWER = "Who led the repair of the bridge?", "Engineer Ada Finch led the repair."


def write_articles(folder: Path) -> None:
    """Put the two articles into a new folder."""
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text)


def stored(name: str, index_dir: Path) -> Path:
    """The stored index of that name, now in `index_dir`."""
    with zipfile.ZipFile(STORED) as archive:
        for path in archive.namelist():
            if path.startswith(f"{name}/"):
                archive.extract(path, index_dir.parent)
    return (index_dir.parent / name).replace(index_dir)


def store(name: str) -> None:
    """Add the index that the code of this environment makes."""
    from chromadb.api.client import Client
    from chromadb.api.shared_system_client import SharedSystemClient
    from fakes import HashingEmbedding

    from index import rebuild as rebuilding

    if not hasattr(Client, "close"):  # a Chroma before 1.5.1: the process that verifies would take the usual one
        close = lambda self: SharedSystemClient._identifier_to_system.pop(self._identifier).stop()  # noqa: E731
        setattr(Client, "close", close)  # noqa: B010
        vars(rebuilding).update(prepare=lambda: None, verify=lambda path: None)
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(STORED, "a", zipfile.ZIP_LZMA) as archive:
        folder, index_dir = Path(scratch, "articles"), Path(scratch, "index")
        write_articles(folder)
        rebuilding.rebuild(folder, index_dir, HashingEmbedding)
        for path in sorted(index_dir.rglob("*")):
            if path.is_file() and path.name not in ("lock", "status.json"):
                archive.write(path, Path(name, path.relative_to(index_dir)))


if __name__ == "__main__":
    store(sys.argv[1])
