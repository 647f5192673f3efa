"""`matgrad replay`: a derivation from a file, checked without deriving.

Floor 6.
"""

from __future__ import annotations

from matgrad.certificate.check import break_of, findings
from matgrad.certificate.reader import read


def replayed(text: str) -> tuple[str, bool | None]:
    """What the check found of every step of a derivation, and whether it holds.

    Raises SyntaxProblem for what is no derivation, or says one thing and holds another.
    """
    derivation = read(text)
    lines = [derivation.input, ""]
    outcomes: set[bool | None] = set()
    for finding in findings(derivation):
        outcomes.add(finding.ok)
        place = f"step {finding.number}" if finding.number else "the whole"
        said = f" ({finding.rule})" if finding.rule else ""
        verdict = "" if finding.ok else "REFUSED " if finding.ok is False else "UNDECIDED "
        lines.append(f"  {place}{said}: {verdict}{finding.detail}")
    ok = False if False in outcomes else None if None in outcomes else True
    if break_of(derivation) is None and ok:
        lines += ["", f"  all {len(derivation)} steps hold, and they lead to the answer"]
    return "\n".join(lines), ok
