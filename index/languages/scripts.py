"""Scripts that are read in their own way, as ranges for regular expressions."""

# Their words are not parted by spaces: every character is a word.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
HANGUL = "\uac00-\ud7a3"
