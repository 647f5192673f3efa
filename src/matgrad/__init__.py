"""Matrix calculus: a matrix expression in, its derivative in closed form out, checked.

>>> import matgrad as mg
>>> mg.derive("x'*A*x", "x").text()
"x'*(A + A')"
"""

from matgrad.api import Expression as Expression
from matgrad.api import Result as Result
from matgrad.api import Verdict as Verdict
from matgrad.api import check as check
from matgrad.api import derive as derive
from matgrad.api import equal as equal
from matgrad.api import function as function
from matgrad.api import operator as operator
from matgrad.api import read as read
from matgrad.api import symbols as symbols
from matgrad.api.functions import *  # noqa: F403 (one function for each operator that is called)
from matgrad.core.errors import MatgradError as MatgradError
from matgrad.core.expr import clear_caches as clear_caches
from matgrad.core.version import __version__ as __version__
