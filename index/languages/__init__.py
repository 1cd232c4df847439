"""What belongs to a language.

*.toml        one file a language: every word of it that code needs and CLDR lacks
words.py      such a file as a frozen value
cldr.py       numbers, money and relative days, out of CLDR
scripts.py    scripts that are read in their own way
names.py      names of months, weekdays and languages, out of CLDR
table.py      docs/LANGUAGES.md, made from the files
detection.py  which language a text or a question is in
"""
