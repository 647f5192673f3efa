"""Hints in LaTeX, as one would type what explains an error, and LaTeX in declarations.

Floor 2.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"`([^`]*)`")
_SPELLINGS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<![\\\w])sum\((\w)=1\.\.N, …\)", r"\\sum_{\1=1}^{N} …"),
        (r"(?<![\\\w])eye\(([^()]*)\)", r"I_{\1}"),
        (r"(?<![\\\w])ones\(([^(),]*)\)", r"\\mathbf{1}_{\1}"),
        (r"(?<![\\\w])ones\(([^(),]*), ([^(),]*)\)", r"\\mathbf{1}_{\1 \\times \2}"),
        (r"(?<![\\\w])([A-Za-z]\w+)\.\(", r"\\operatorname{\1}_{\\odot}("),
        (r"(?<![\\\w])(\w'*)\.\(", r"\1_{\\odot}("),
        (r"(?<![\\\w{])([A-Za-z]\w+)\(", r"\\operatorname{\1}("),
        (r"\.\^\{([^{}]*)\}", r"^{\\odot \1}"),
        (r"\.\^([\w.]+|\([^()]*\))", r"^{\\odot \1}"),
        (r" ?\./ ?", r" \\oslash "),
        (r" ?\.\* ?", r" \\odot "),
    )
]
_DOTTED_SUM = re.compile(r"; so does `\.[+-]` in place of `[+-]`")


_FONT = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathcal|mathrm|mathit)\s*\{?(\\?[A-Za-z]+)\}?")
_LETTER = re.compile(r"\\(?:var)?([A-Za-z]+)(?![A-Za-z])")


def plain_names(text: str) -> str:
    """Declarations with the names that letters of LaTeX are: `\\mathbf{X}` is X."""
    return _LETTER.sub(r"\1", _FONT.sub(r"\1", text))


def in_latex(hint: str) -> str:
    """What stands in backticks, in LaTeX."""
    return _QUOTED.sub(_translated, _DOTTED_SUM.sub("", hint))


def _translated(found: re.Match[str]) -> str:
    spelled = found[1]
    for pattern, replacement in _SPELLINGS:
        spelled = pattern.sub(replacement, spelled)
    return f"`{spelled}`"
