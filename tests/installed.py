"""Programs as a test has them installed: Tesseract, which makes out the same sentence in every picture."""

import sys
from pathlib import Path

TESSERACT = f"""#!{sys.executable}
import sys
if sys.argv[1] == "--list-langs":
    print('List of available languages in "/usr/share" (3):', "deu", "eng", "osd", sep="\\n")
    sys.exit()
assert sys.argv[2:] == ["stdout", "--psm", "1", "-l", "eng+deu", "tsv"], sys.argv
size = len(open(sys.argv[1], "rb").read())
if not size:
    sys.exit(1)
print("level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\\t"))
words = "The council of Malden will close the Or-|rin bridge.".replace("|", " |").split()
for number, word in enumerate(words):
    print(5, 1, 1, 1, word.startswith("|") + (number > 8), number, 0, 0, 9, 9, 91.5, word.strip("|"), sep="\\t")
print(5, 1, 2, 1, 1, 1, 0, 0, 9, 9, 12.0, "~~smudge", sep="\\t")
print(4, 1, 3, 1, 1, 0, 0, 0, 9, 9, -1, "", sep="\\t")
"""
SEEN = "The council of Malden will close the Orrin bridge."


def install(folder: Path, name: str, program: str) -> None:
    (folder / name).write_text(program)
    (folder / name).chmod(0o755)
