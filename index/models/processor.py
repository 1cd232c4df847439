"""What tells one kind of processor from another: what is fast on one may be slow on the next, or not run at all."""

import os
import platform
from pathlib import Path

# Of what Linux tells, all that decides how matrices are multiplied.
MULTIPLYING = frozenset(
    "avx avx2 fma f16c avx_vnni avx_vnni_int8 avx_ne_convert avx512f avx512bw avx512vl avx512dq avx512_vnni "
    "avx512_bf16 avx512_fp16 amx_tile amx_int8 amx_bf16 amx_fp16 asimd asimdhp asimddp bf16 i8mm sve sve2 svebf16 "
    "svei8mm".split()
)
BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16", "bf16", "svebf16"})
# By these a processor is made to behave as an older one.
CAPS = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS")


def processor() -> str:
    """The name and the features of this processor, with the caps that are set; the same for the same kind."""
    name, features = described(Path("/proc/cpuinfo"))
    caps = [f"{cap}={os.environ[cap]}" for cap in CAPS if os.environ.get(cap)]
    return " ".join([name, *features, *caps])


def described(listing: Path) -> tuple[str, list[str]]:
    """The processor's name and features as Linux lists them; without a listing what the system calls it.

    A processor of which nothing can be read is known by its machine's name.
    """
    try:
        lines = [line.partition(":") for line in listing.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        lines = []
    told = {name.strip(): value.strip() for name, _, value in reversed(lines)}
    features = sorted(MULTIPLYING & set((told.get("flags") or told.get("Features", "")).split()))
    name = told.get("model name") or platform.processor()
    machine = platform.machine() or "unknown"
    return (f"{machine} {name}" if name or features else f"{machine} of {platform.node()}"), features


def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for it; without them torch takes many times as long as in float32."""
    return not BFLOAT16.isdisjoint(described(Path("/proc/cpuinfo"))[1])


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
