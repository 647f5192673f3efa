"""The public verbs.

Floor 5.
"""

from matgrad.api.pipeline import derive as derive
from matgrad.api.expressions import Expression as Expression
from matgrad.api.result import Result as Result
from matgrad.notation.read import NameInfo as NameInfo
