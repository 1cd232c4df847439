"""The trained weights, and the embedding that they go on from, to a reader."""

import hashlib
import json
import logging
from pathlib import Path

from assistant.reading.findings import Reader
from assistant.reading.network import Network
from assistant.reading.rules import RuleReader
from assistant.reading.standing import load_standing
from assistant.reading.trained import TrainedReader
from assistant.settings import PROFILES
from index.models import weights
from index.models.conversions import made_once, run_apart
from index.models.loading import find_fastest, fingerprint, weights_digest

# The readers, one a profile, and the embeddings whose layers they go on from.
BASES = {profile: embedding for profile, (embedding, _) in PROFILES.items()}
FILES = Path(__file__).parent / "weights"
# Goes up with every change of what a conversion holds.
CONVERSION = 2
# A conversion whose logits differ more than this from torch's is not used.
DIFFERENCE = 1.0
# No weights have half as much.
MOST_MEGABYTES = 200

logger = logging.getLogger(__name__)


def load_reader(embedding: str, models_dir: Path) -> Reader:
    """What reads the sentences that a search with this embedding found: a trained model, else rules."""
    network = load_network(embedding, models_dir)
    return RuleReader(embedding) if network is None else TrainedReader(network, load_standing(network.kind, embedding))


def load_network(embedding: str, models_dir: Path, files: Path = FILES) -> Network | None:
    """The reader that goes on from this embedding, else the light one; None, and a warning, when neither can be had.

    It is put together the first time, which takes up to a minute, and kept in models_dir.
    """
    kinds = [kind for kind in BASES if BASES[kind] == embedding]
    for kind in dict.fromkeys([*kinds, "light"]):
        base, file = weights.installed(BASES[kind], models_dir), files / f"{kind}.safetensors"
        if base is None or not file.is_file():
            logger.info("The %s reader is not on this machine", kind)
            continue
        try:
            network = Network(_converted(kind, base, file, models_dir), _precision(kind, base, models_dir))
            if network.kind != kind:
                raise ValueError(f"its weights are those of a {network.kind[:20]} reader")
            network.marks("Ready?", ["Ready."])  # compiles it now, so that the first question need not
            return network
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            said = str(error).splitlines() or [type(error).__name__]
            logger.warning("The %s reader cannot be used: %s", kind, said[-1])
    logger.warning("Sentences are read by rules: no trained reader goes with %s", embedding)
    return None


def _precision(kind: str, base: Path, cache: Path) -> str:
    """The one that is fastest and right for the layers that the reader goes on from."""
    _, _, precision = find_fastest(base, BASES[kind], cache).chosen.partition(" ")
    return precision if precision.endswith("f16") else "f32"


def _converted(kind: str, base: Path, file: Path, cache: Path) -> Path:
    """The folder of the accepted conversion, made now if there is none yet; raises ValueError when none can be."""
    if file.stat().st_size > MOST_MEGABYTES * 1_000_000:
        raise ValueError(f"its weights have over {MOST_MEGABYTES} MB")
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    stamp = [CONVERSION, fingerprint(weights_digest(base)), digest]
    target = cache / "openvino" / f"reader-{kind}-{hashlib.sha256(json.dumps(stamp).encode()).hexdigest()[:16]}"
    made_once(
        target,
        "reader.json",
        lambda unfinished: run_apart("assistant.reading.conversion", str(base), str(file), str(unfinished)),
        lambda: target.parent.glob(f"reader-{kind}-*"),
    )
    difference = json.loads((target / "reader.json").read_text(encoding="utf-8"))["difference"]
    if not difference <= DIFFERENCE:  # nor when it is no number
        raise ValueError(f"its OpenVINO logits are {difference:.2f} from torch's")
    return target
