"""The records of the cookbook: sources, their sections, and the identities in them.

Floor 4, data only.
"""

from __future__ import annotations

from typing import NamedTuple


class Identity(NamedTuple):
    """`left = right` as a source states it, in the matrix language.

    `left` is what is differentiated, `d/dX …` in front; `where` names parts of both sides.
    `number` is the source's, empty where it has none or it could not be checked.  `wrong` is the
    right side as the source misprints it, or as a common slip has it: `right` is its mend.
    """

    number: str
    left: str
    right: str
    given: str = ""
    where: str = ""
    structure: str = "free"
    metric: str = "embedded"
    wrong: str = ""
    note: str = ""


class Section(NamedTuple):
    """A section of a source; `number` is empty where the source numbers none, `layout` where it
    is the source's."""

    number: str
    title: str
    identities: tuple[Identity, ...]
    layout: str = ""


class Source(NamedTuple):
    """A book, a paper or a page; `key` is the short name it is asked for by."""

    key: str
    title: str
    cite: str
    layout: str
    sections: tuple[Section, ...]
