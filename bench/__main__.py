"""Speed, and with --data quality, printed and written to docs/BENCHMARKS.md: `make bench DATA=FOLDER`.

The options are those of `python -m bench.quality`; each profile's quality is a part of its own. Without --data only
speed is measured, and the file keeps the quality that it has.
"""

import re
import subprocess
import sys

from bench.speed import ROOT

FILE = ROOT / "docs" / "BENCHMARKS.md"
TITLE = "# Benchmarks\n\nWritten by `make bench DATA=FOLDER`, where FOLDER holds question sets; each part says when.\n"


def main() -> None:
    """Run one benchmark after the other, each in a process of its own, and put its table into its place."""
    options = sys.argv[1:]
    if "--data" in options:
        profile = options[options.index("--profile") + 1] if "--profile" in options else "full"
        _measure(f"Quality, {profile} profile", ["bench.quality", "--peers", *options])
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
