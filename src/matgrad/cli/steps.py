"""`matgrad steps`: the derivation of an answer, made and checked.

Floor 6.
"""

from __future__ import annotations

from matgrad.api import Result
from matgrad.certificate.check import findings
from matgrad.certificate.show import shown as printed


def shown(result: Result, detail: str, form: str) -> tuple[str, bool | None]:
    """The derivation in one form, and whether every step of it holds."""
    derivation = result.steps.at(detail)
    outcomes = {finding.ok for finding in findings(derivation)}
    ok = False if False in outcomes else None if None in outcomes else True
    return printed(derivation, form), ok
