"""Code: an answer as one function of arrays, for several array libraries.

Floor 4.  Writes text and imports no array library.
"""

from matgrad.codegen.columns import BACKENDS, column_of
from matgrad.codegen.module import Source, module
from matgrad.codegen.operators import Structured, along, direction

__all__ = ["BACKENDS", "Source", "Structured", "along", "column_of", "direction", "module"]
