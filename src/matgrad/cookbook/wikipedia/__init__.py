"""Wikipedia, "Matrix calculus": its tables of identities, in both layouts it prints.

Floor 4, data only.  D(u, x) has the axes of u first in every layout.
"""

from matgrad.cookbook.entry import Source
from matgrad.cookbook.wikipedia.matrices import MATRICES
from matgrad.cookbook.wikipedia.vectors import VECTORS

WIKIPEDIA = Source(
    "wikipedia",
    "Wikipedia: Matrix calculus",
    "en.wikipedia.org/wiki/Matrix_calculus, its tables of identities",
    "numerator",
    (*VECTORS, *MATRICES),
)
