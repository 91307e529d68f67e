"""How Chinese names are spelt in Latin letters, for sorting and for typing in a hurry.

The table of readings takes a quarter of a second to load, so it is loaded at the first name and not at every start.
"""


def spelling(name: str, between: str = "") -> str:
    """The syllables one after the other, in small letters: 石门煤矿 is shimenmeikuang."""
    from pypinyin import lazy_pinyin

    return between.join(lazy_pinyin(name)).lower()


def initials(name: str) -> str:
    """The first letter of each syllable, as people type a name in a hurry: 石门煤矿 is smmk."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
