"""Speed, and with --data quality, printed and written to docs/BENCHMARKS.md: `make bench DATA=FOLDER`.

All other options are those of `python -m bench.quality`; each profile's quality is a part of its own. Without --data
only speed is measured, and the file keeps the quality that it has.
"""

import argparse
import re
import subprocess
import sys

from bench.speed import ROOT

FILE = ROOT / "docs" / "BENCHMARKS.md"
TITLE = "# Benchmarks\n\nWritten by `make bench DATA=FOLDER`, where FOLDER holds question sets; each part says when.\n"


def main() -> None:
    """Run one benchmark after the other, each in a process of its own, and put its table into its place."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", help="the folder of question sets; without it only speed is measured")
    parser.add_argument("--profile", default="full", choices=["light", "full"], help="whose quality (default: full)")
    options, others = parser.parse_known_args()
    if options.data is not None:
        quality = ["bench.quality", "--peers", "--data", options.data, "--profile", options.profile, *others]
        _measure(f"Quality, {options.profile} profile", quality)
    elif others:
        parser.error(f"without --data nothing takes {' '.join(others)}")
    else:
        print("Only speed is measured. For quality give a folder of question sets: make bench DATA=FOLDER\n")
    _measure("Speed", ["bench.speed"])
    _measure("Speed by instruction set", ["bench.processors"])
    print(f"\nWritten to {FILE.relative_to(ROOT)}.")


def _measure(heading: str, module: list[str]) -> None:
    """Print what the module prints, and when it has ended well, write that under the heading."""
    print(f"## {heading}\n", flush=True)
    lines = []
    with subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        sys.exit(process.returncode)
    written = FILE.read_text(encoding="utf-8") if FILE.is_file() else TITLE
    FILE.write_text(with_part(written, heading, "".join(lines)), encoding="utf-8")


def with_part(text: str, heading: str, body: str) -> str:
    """The text with the part under `## heading` replaced, or added at the end."""
    part = f"## {heading}\n\n{body.strip()}\n"
    before, found, after = text.partition(f"## {heading}\n")
    if not found:
        return f"{text.rstrip()}\n\n{part}"
    following = re.search(r"^## ", after, re.MULTILINE)
    return before + part + (f"\n{after[following.start() :]}" if following else "")


if __name__ == "__main__":
    main()
