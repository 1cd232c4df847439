"""Scripts that are read in their own way, as ranges for regular expressions."""

# Their words are not parted by spaces: every character is a word.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
HANGUL = "\uac00-\ud7a3"
# What a sentence ends with, in any script; a headline ends with none of the first.
FULL_STOPS = ".…。।۔"
SENTENCE_ENDS = f"{FULL_STOPS}!?！？؟"
# Those with capital letters: Latin, Greek, Cyrillic and Armenian, and the blocks in which Latin and Greek go on.
_WITH_CAPITALS = "".join(map(chr, (*range(0x41, 0x590), *range(0x1E00, 0x2000))))
CAPITALS = "".join(letter for letter in _WITH_CAPITALS if letter.isupper() or letter.istitle())
SMALL = "".join(letter for letter in _WITH_CAPITALS if letter.islower())
