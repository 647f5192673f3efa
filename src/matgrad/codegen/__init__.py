"""Code: an answer as one function of arrays, for several array libraries.

Floor 4.  Writes text and imports no array library.
"""

from matgrad.codegen.batch import batched
from matgrad.codegen.columns import BACKENDS, column_of
from matgrad.codegen.module import JOINT, SECOND, Function, Source, Wrapper, module
from matgrad.codegen.operators import Structured, along, direction

__all__ = [
    "BACKENDS",
    "JOINT",
    "SECOND",
    "Function",
    "Source",
    "Structured",
    "Wrapper",
    "along",
    "batched",
    "column_of",
    "direction",
    "module",
]
