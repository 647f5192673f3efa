"""The public verbs.

Floor 5.
"""

from matgrad.api import pickling as pickling
from matgrad.api.claims import check as check
from matgrad.api.claims import equal as equal
from matgrad.api.expressions import Expression as Expression
from matgrad.api.names import function as function
from matgrad.api.names import symbols as symbols
from matgrad.api.operators import operator as operator
from matgrad.api.pipeline import derive as derive
from matgrad.api.reading import read as read
from matgrad.api.result import Result as Result
from matgrad.api.verdict import Verdict as Verdict
from matgrad.calculus.layout import LAYOUTS as LAYOUTS
from matgrad.catalogue.structures import METRICS as METRICS
from matgrad.catalogue.structures import READINGS as READINGS
from matgrad.notation.read import NameInfo as NameInfo
