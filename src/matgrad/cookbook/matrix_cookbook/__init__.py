"""The Matrix Cookbook: the derivatives of its sections 2, 4, 8 and 10.

Floor 4, data only.  Equation numbers are those of the edition of 15 November 2012.
"""

from matgrad.cookbook.entry import Source
from matgrad.cookbook.matrix_cookbook.complex import COMPLEX
from matgrad.cookbook.matrix_cookbook.determinants import DETERMINANTS
from matgrad.cookbook.matrix_cookbook.forms import FORMS
from matgrad.cookbook.matrix_cookbook.further import FURTHER
from matgrad.cookbook.matrix_cookbook.traces import TRACES

MATRIX_COOKBOOK = Source(
    "cookbook",
    "The Matrix Cookbook",
    "K. B. Petersen, M. S. Pedersen, version of 15 November 2012",
    "gradient",
    (*DETERMINANTS, *FORMS, *TRACES, *COMPLEX, *FURTHER),
)
