"""What comes with the program and is damaged: weights run no code, and every table says which file it is."""

import io
import json
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import HashingEmbedding
from safetensors import SafetensorError
from tiny_reader import Tiny, tiny_network
from torch import Tensor

from assistant import calibration
from assistant.reading import loading
from assistant.reading.conversion import _difference
from assistant.reading.loading import DIFFERENCE, MOST_MEGABYTES
from assistant.reading.packed import read_weights
from assistant.reading.standing import FILE, SIGNS, load_standing
from assistant.understanding import kinds
from index.errors import UserError
from index.languages import words
from index.models import weights as installed_models

ONE = {"F": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}


def weights(header: object, body: bytes = bytes(8), size: int | None = None) -> bytes:
    """A file of weights with this header, which says to have that size."""
    written = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(written) if size is None else size) + written + body


def told(**changed: object) -> dict[str, object]:
    return {"F": {**ONE["F"], **changed}}


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.",
        b"PK\x03\x04 archive/data.pkl",
        b"",
        b"\0\0\0",
        weights(b"{}", size=2**63),
        weights(b"{}", size=2**40),
        weights(ONE, b"\0\0"),
        weights(ONE, bytes(9)),
        weights(told(shape=[-1])),
        weights(told(shape=[2**62])),
        weights(told(shape=[2**32, 2**32])),
        weights(told(dtype="PICKLE")),
        weights(told(data_offsets=[8, 0])),
        weights(told(data_offsets=[0, 2**63])),
        weights({"a": ONE["F"], "b": ONE["F"]}, bytes(8)),
        weights(b'{"a":' * 100_000),
        weights(b"[" * 1000),
        weights(b"\xff\xfe"),
    ],
)
def test_weights_that_are_none_run_nothing_and_are_refused(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "light.safetensors").write_bytes(content)
    with pytest.raises((SafetensorError, ValueError, OSError)):
        read_weights(tmp_path / "light.safetensors")
    assert [path.name for path in tmp_path.iterdir()] == ["light.safetensors"]


class Lost(Tiny):
    """What it says of a sentence is no number."""

    def forward(self, ids: Tensor, real: Tensor, inside: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        starts, ends, answers = super().forward(ids, real, inside)
        return starts, ends, answers * torch.nan


def test_a_conversion_whose_numbers_are_none_does_not_agree(tmp_path: Path) -> None:
    network = tiny_network(tmp_path)
    assert _difference(Tiny(), network) <= DIFFERENCE  # type: ignore[arg-type]
    assert np.isnan(_difference(Lost(), network))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("note", "is_taken"),
    [
        ('{"reader": "light", "difference": 0.5}', True),
        ('{"reader": "light", "difference": 1.5}', False),
        ('{"reader": "light", "difference": NaN}', False),
        ('{"reader": "light", "difference": "0"}', False),
        ('{"reader": "light"}', False),
        ('{"reader": "full", "difference": 0}', False),
        ('{"reader": "../..", "difference": 0}', False),
        ('{"reader": ["light"], "difference": 0}', False),
        ('{"difference": 0}', False),
        ("[" * 100_000, False),
        ("\0", False),
        ("", False),
    ],
)
def test_only_a_reader_that_agrees_is_taken_and_any_other_leaves_the_rules(
    tmp_path: Path, note: str, is_taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made").mkdir()
    tiny_network(tmp_path / "made")
    (tmp_path / "made" / "reader.json").write_text(note)
    (tmp_path / "light.safetensors").write_bytes(weights(ONE))
    (tmp_path / "openvino").mkdir()
    monkeypatch.setattr(installed_models, "installed", lambda name, folder: tmp_path)
    monkeypatch.setattr(loading, "weights_digest", lambda base: "base")
    monkeypatch.setattr(loading, "fingerprint", lambda digest: digest)
    monkeypatch.setattr(
        loading, "run_apart", lambda *told: shutil.copytree(tmp_path / "made", told[-1], dirs_exist_ok=True)
    )
    monkeypatch.setattr(loading, "_precision", lambda kind, base, cache: "f32")
    network = loading.load_network(loading.BASES["light"], tmp_path, tmp_path)
    assert (network is not None) is is_taken


def test_weights_without_end_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "light.safetensors").open("wb") as file:
        file.truncate((MOST_MEGABYTES + 1) * 1_000_000)
    with pytest.raises(ValueError, match="have over 200 MB"):
        loading._converted("light", tmp_path, tmp_path / "light.safetensors", tmp_path)


def changed(file: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of the file in the folder, with `new` in place of the first `old`; of "" all of it is new."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    kept = folder / file.name
    kept.write_bytes((text.replace(old, new, 1) if old else new).encode("utf-8", "surrogateescape"))
    return kept


DAMAGES = [("", ""), ("", "\0"), ("", "\udcff\udcfe"), ("", "a = [" * 5_000), ("", "<<<<<<< ours")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *DAMAGES,
        ("supports = ", "support = "),
        ("supports = ", "supports = nan #"),
        ("supports = ", "supports = -inf #"),
        ("supports = ", "supports = '0.8' #"),
        ("supports = ", "supports = true #"),
        ("supports = ", "supports = [0.8] #"),
        ("rank = ", "rang = "),
        ('["any other"]', '["no other"]'),
    ],
)
def test_a_damaged_calibration_says_which_file_it_is(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(
        UserError, match=r"calibration\.toml is a part of newsdesk and damaged .* Install newsdesk again"
    ):
        calibration.read(changed(calibration.FILE, tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *DAMAGES,
        ('"least" = ', '"least" = nan #'),
        ('"least" = ', '"leas" = '),
        ('"doubtful" = [', '"doubtful" = [0.1, '),
        ('"doubtful" = [', '"doubtful" = 0.1 # ['),
        ('"reader" = ', '"oracle" = '),
        ('"reader" = ', '"reader" = 1e400 #'),
        ('"reader" = ', '"reader" = "much" #'),
        ('"model" = ', '"modell" = '),
        ('[full."any embedding"]', '[half."any embedding"]'),
    ],
)
def test_a_damaged_standing_says_which_file_it_is(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(UserError, match=r"standing\.toml is a part of newsdesk and damaged"):
        load_standing("full", "one nobody has measured", changed(FILE, tmp_path, old, new))


def test_every_sign_that_is_weighed_is_known() -> None:
    for reader in ("full", "light"):
        assert load_standing(reader, "one nobody has measured").weights.keys() <= SIGNS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *DAMAGES[1:],
        ("spaces = true", 'spaces = "no"'),
        ("[writing]", "questions = 1\n[writing]"),
        ("yesterday = ", "yesterday = 1 #"),
        ("months = ", "months = [1, 2] #"),
        ("abbreviations = ", "abbreviations = {a = 1} #"),
    ],
)
def test_a_damaged_language_says_which_file_it_is(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(UserError, match=r"en\.toml is a part of newsdesk and damaged"):
        words.read(changed(words.FOLDER / "en.toml", tmp_path, old, new))


def test_words_of_a_language_are_words_and_never_a_pattern() -> None:
    assert words.pattern(("(a+)+$", "[", "a|b")) == r"\(a\+\)\+\$|a\|b|\["


AMONG = [kinds.Labelled(f"{word} is it", word) for word in ("who", "when") for _ in range(3)]
WHOLE = kinds.fit(None, AMONG)
ENDLESS = (
    b"\x93NUMPY\x01\0\x76\0" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,)}".ljust(117) + b"\n"
)


def table(**changed: object) -> bytes:
    """What was fitted to AMONG, with these tables put otherwise."""
    tables = {"of": kinds.fingerprint(AMONG), "middle": WHOLE.middle, "weights": WHOLE.weights}
    content = io.BytesIO()
    np.savez(content, **{**tables, "kinds": WHOLE.kinds, "words": WHOLE.words, **changed})  # type: ignore[arg-type]
    return content.getvalue()


def endless() -> bytes:
    """A table that says to have a million million numbers."""
    content = io.BytesIO(table())
    packed = io.BytesIO()
    with zipfile.ZipFile(content) as known, zipfile.ZipFile(packed, "w") as made:
        for name in known.namelist():
            made.writestr(name, ENDLESS if name == "weights.npy" else known.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        endless(),
        table(weights=WHOLE.weights * np.nan),
        table(weights=WHOLE.weights[:-1]),
        table(weights=WHOLE.weights[:, :1]),
        table(weights=np.float32(1)),
        table(kinds=("who",)),
        table(kinds=("who", "what")),
        table(kinds=(1, 2)),
        table(words=()),
    ],
)
def test_a_recogniser_whose_tables_do_not_fit_together_is_fitted_anew(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "FITTED", tmp_path)
    (tmp_path / f"{kinds.WORDS_ALONE}.npz").write_bytes(content)
    read = kinds.recogniser(HashingEmbedding(), AMONG)
    assert read.recognised("who is it", HashingEmbedding())[0] and np.array_equal(read.weights, WHOLE.weights)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.", bytes(999)])
def test_a_damaged_recogniser_is_fitted_anew_from_the_words(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "FITTED", tmp_path)
    (tmp_path / f"{kinds.WORDS_ALONE}.npz").write_bytes(content)
    assert set(kinds.recogniser(HashingEmbedding(), AMONG).kinds) == {"who", "when"}
