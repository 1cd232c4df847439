"""Feeds and pages from the net to files of a folder, when somebody names them.

sources.py     which addresses are named, by themselves or in a list
addresses.py   which machines may be asked: none that is private
polite.py      one address to what is there, within bounds and as its site wants it
fetch.py       the sources to files of the folder
"""
