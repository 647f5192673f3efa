"""`matgrad steps`: the derivation of an answer, made and checked.

Floor 6.
"""

from __future__ import annotations

from matgrad.api import Result
from matgrad.certificate.check import findings


def shown(result: Result, detail: str, form: str) -> tuple[str, bool | None]:
    """The derivation in one form, and whether every step of it holds."""
    derivation = result.steps.at(detail)
    found = list(findings(derivation))
    outcomes = {finding.ok for finding in found}
    ok = False if False in outcomes else None if None in outcomes else True
    output = derivation.text(form)
    if form in ("text", "unicode"):
        doubts = (f"  step {f.number} ({f.rule}): {f.detail}" for f in found if not f.ok)
        output = "\n".join((output, *doubts))
    return output, ok
