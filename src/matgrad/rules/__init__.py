"""The rule book: named identities as rows, two sides as text.

Floor 3, data only.  `RULES` is every rule; `normal.book` compiles them.
"""

from matgrad.rules.book import RULES as BOOK
from matgrad.rules.book import Rule as Rule
from matgrad.rules.functions import FUNCTION_RULES
from matgrad.rules.properties import PROPERTY_RULES
from matgrad.rules.reductions import REDUCTION_RULES
from matgrad.rules.shortening import SHORTENING_RULES
from matgrad.rules.spectral import SPECTRAL_RULES

RULES: tuple[Rule, ...] = (
    *BOOK,
    *FUNCTION_RULES,
    *PROPERTY_RULES,
    *REDUCTION_RULES,
    *SPECTRAL_RULES,
    *SHORTENING_RULES,
)
