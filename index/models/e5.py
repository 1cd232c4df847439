"""The 4-bit multilingual-e5-small, written as an ordinary sentence-transformers folder."""

import json
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.errors import UserError

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
WAVE_DASH = "～"
STAND_IN = "\ufdd0"  # a code point that no text may contain
# The names inside the file, against those of transformers' BertModel.
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Cursor:
    """Little-endian values read one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self._content, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def decimal(self) -> float:
        (value,) = struct.unpack("<f", self.bytes(4))
        return float(value)

    def bytes(self, count: int) -> bytes:
        if count > len(self._content) - self._at:
            raise struct.error("the file ends too early")
        self._at += count
        return self._content[self._at - count : self._at]

    def skip(self, count: int) -> Self:
        self.bytes(count)
        return self


def write_folder(source: Path, folder: Path) -> None:
    """Fill the empty `folder` with what `SentenceTransformer(folder)` reads.

    Raises UserError if `source` is another kind of file.
    """
    try:
        _write(source.read_bytes(), folder)
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise UserError(
            f"{source} is not the expected 4-bit multilingual-e5-small: {error}. Fetch it again."
        ) from error


def _write(content: bytes, folder: Path) -> None:
    cursor = Cursor(content)
    if cursor.bytes(4) != MAGIC or cursor.numbers("I") != (1,):
        raise ValueError(f"it does not begin with {MAGIC.decode()}, version 1")
    hidden, layers, heads, intermediate, vocabulary, positions, types = cursor.numbers("7i")
    epsilon = cursor.decimal()
    if cursor.numbers("i") != (BLOCK,):
        raise ValueError(f"its blocks do not hold {BLOCK} weights")
    _write_tokenizer(cursor, folder, positions)
    _write_weights(cursor, content, folder, hidden)
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        # Saved as float16, computed in float32: half precision is slow on most processors.
        "dtype": "float32",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": intermediate,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "hidden_act": "gelu",
        "layer_norm_eps": epsilon,
        "pad_token_id": 1,
    }
    parts = ["Transformer", "Pooling", "Normalize"]
    paths = ["", "1_Pooling", "2_Normalize"]
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{part}"}
        for i, (part, path) in enumerate(zip(parts, paths, strict=True))
    ]
    _write_json(folder / "config.json", config)
    _write_json(folder / "modules.json", modules)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": positions, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    for path in paths[1:]:
        (folder / path).mkdir()
    pooling = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)


def _write_tokenizer(cursor: Cursor, folder: Path, positions: int) -> None:
    piece_count, bos, eos, pad, unk = cursor.numbers("5i")
    (blob_bytes,) = cursor.numbers("Q")
    offsets = np.frombuffer(cursor.bytes(4 * (piece_count + 1)), "<u4")
    scores = np.frombuffer(cursor.bytes(4 * piece_count), "<f4")
    blob = cursor.bytes(blob_bytes)
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    # The file's own map of single code points is what the steps below do, for all but a few code points
    # younger than the model; these steps also join a letter and its combining accent, as in training.
    _, map_bytes = cursor.numbers("iI")
    cursor.skip(map_bytes)

    tokenizer = Tokenizer(Unigram(list(zip(pieces, scores.tolist(), strict=True)), unk_id=unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            # The model's normalisation is NFKC except for this one character of its vocabulary.
            normalizers.Replace(WAVE_DASH, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, WAVE_DASH),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[pieces[bos], "$A", pieces[eos]],
        pair=[pieces[bos], "$A", pieces[eos], pieces[eos], "$B", pieces[eos]],
        special_tokens=[(pieces[bos], bos), (pieces[eos], eos)],
    )
    special = [pieces[i] for i in (bos, pad, eos, unk)]
    tokenizer.add_special_tokens([AddedToken(piece, special=True, normalized=False) for piece in special])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    names = {"bos": bos, "cls": bos, "eos": eos, "sep": eos, "pad": pad, "unk": unk}
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **{f"{name}_token": pieces[token] for name, token in names.items()},
        },
    )


def _write_weights(cursor: Cursor, content: bytes, folder: Path, hidden: int) -> None:
    shapes = {"emb.word": (-1, hidden), "emb.pos": (-1, hidden), "emb.type": (-1, hidden)}
    tensors = {
        # Mean pooling never reads the pooler; without it loading warns of weights left to chance.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
        "pooler.dense.bias": np.zeros(hidden, np.float16),
    }
    biases = {}
    for name, values in _tensors(cursor, content):
        module, _, kind = name.rpartition(".")
        if name in shapes:
            tensors[EMBEDDINGS[name]] = values.reshape(shapes[name])
        elif kind == "b":
            biases[module] = values
            tensors[f"{_bert_name(module)}.bias"] = values
        else:
            tensors[f"{_bert_name(module)}.weight"] = values
    for module, bias in biases.items():
        weight = f"{_bert_name(module)}.weight"
        if len(tensors[weight]) != len(bias):
            tensors[weight] = tensors[weight].reshape(len(bias), -1)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # save_file leaves it to its owner alone


def _tensors(cursor: Cursor, content: bytes) -> Iterator[tuple[str, NDArray[np.float16]]]:
    """Name and flat values of every tensor."""
    (tensor_count,) = cursor.numbers("i")
    for _ in range(tensor_count):
        (name_bytes,) = cursor.numbers("H")
        name = cursor.bytes(name_bytes).decode()
        kind, count, start, byte_count = cursor.numbers("BIQQ")
        stored = content[start : start + byte_count]
        yield (
            name,
            np.frombuffer(stored, "<f4", count).astype(np.float16) if kind == 0 else _unpack(stored, count),
        )


def _unpack(stored: bytes, count: int) -> NDArray[np.float16]:
    """Blocks of a float16 scale and 16 bytes, whose low halves come first: weight = (half - 8) * scale."""
    blocks = np.frombuffer(stored, np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)]))
    halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.int8)
    weights: NDArray[np.float16] = (halves - 8).astype(np.float16) * blocks["scale"][:, None]
    return weights.reshape(-1)[:count]


def _bert_name(module: str) -> str:
    """`l3.q` -> `encoder.layer.3.attention.self.query`."""
    if module in EMBEDDINGS:
        return EMBEDDINGS[module]
    layer, _, part = module.partition(".")
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{LAYER[part]}"


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
