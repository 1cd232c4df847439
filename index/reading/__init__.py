"""The files of a folder to articles.

files.py       the files of a folder, opened without following links
snapshot.py    what they hold, by digest, to tell what has changed
workers.py     files read in child processes with limits (worker.py: what runs in them)
limits.py      how much may come out of one file
units.py       one file to its articles, every part of it accounted for
originals.py   an article's file as it is, and a scanned page of it (picturing.py: what runs in the child that makes it)
readers/       bytes to stories, one file for each kind
texts/         bytes to text, for the readers
completing.py  a story to an article
datelines.py   what the first lines of an article tell about it
"""
