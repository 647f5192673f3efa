"""Order keys: a polynomial hash over names and structure.

Floor 0.  It is the same on every platform and under every PYTHONHASHSEED.  Only order depends on
it; equality is by interning.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b

from matgrad.core.dims import Dim
from matgrad.core.function import Function

_PRIME = (1 << 61) - 1
_BASE = 0x1B873593CC9E2D51 % _PRIME
# What no key is.
UNKNOWN = -1


def mixed(key: int, *parts: int) -> int:
    """A key with more parts in it."""
    # Squared, because a linear mix gives rows that exchange their labels one key.
    for part in parts:
        key = pow(key * _BASE + part + 0x9E3779B9, 2, _PRIME)
    return key


_DIGESTS: dict[object, int] = {}
# The digests kept are dropped when there are more than this.
_DIGEST_LIMIT = 1 << 16


def digest(data: object) -> int:
    """The key of a name, of a size, or of what else a node carries."""
    if data is None:
        return 1
    if isinstance(data, int):
        return (data * 2 + 3) % _PRIME
    found = _DIGESTS.get(data)
    if found is None:
        if len(_DIGESTS) > _DIGEST_LIMIT:
            _DIGESTS.clear()
        found = _DIGESTS[data] = _digest_of(data)
    return found


def _digest_of(data: object) -> int:
    if isinstance(data, str):
        return int.from_bytes(blake2b(data.encode(), digest_size=7).digest(), "big")
    if isinstance(data, Fraction):
        return mixed(data.numerator * 2 + 5, data.denominator)
    if isinstance(data, Dim):
        return digest(data.terms)
    if isinstance(data, frozenset):
        return digest(tuple(sorted(data)))
    if isinstance(data, Function):
        return digest((data.name, data.params, data.value, data.properties))
    if isinstance(data, tuple):
        return mixed(len(data) + 7, *map(digest, data))
    raise TypeError(f"no order key for {type(data).__name__}")
