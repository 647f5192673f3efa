"""The Matrix Cookbook: the real derivatives of its sections 2, 8 and 10.

Floor 4, data only.
"""

from __future__ import annotations

from matgrad.cookbook import matrix_cookbook_forms
from matgrad.cookbook.entry import Source

MATRIX_COOKBOOK = Source(
    "cookbook",
    "The Matrix Cookbook",
    "K. B. Petersen, M. S. Pedersen, version of 15 November 2012",
    "gradient",
    matrix_cookbook_forms.SECTIONS,
)
