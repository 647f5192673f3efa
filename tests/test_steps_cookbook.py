"""Every entry of the cookbook has a derivation, and every step of it holds."""

from __future__ import annotations

import os

import pytest

from matgrad.api.identities import Entry, identities
from matgrad.certificate.check import findings

# All of them take a minute: a sample, which MATGRAD_STEPS=all makes complete.
STRIDE = 1 if os.environ.get("MATGRAD_STEPS") == "all" else 6


@pytest.mark.parametrize("entry", identities()[::STRIDE], ids=lambda entry: entry.name)
def test_an_entry_has_a_derivation_whose_every_step_holds(entry: Entry) -> None:
    steps = entry.derive(check=False).result.steps
    assert [finding for finding in findings(steps, seed=1) if not finding.ok] == []
