"""Derive, check and compare every identity of the cookbook; seconds of CPU by source.

    python benchmarks/cookbook.py [WORDS…]

Exit status 1 if an identity is not what its source says.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from time import process_time

from matgrad.api.identities import identities


def main() -> int:
    entries = identities(" ".join(sys.argv[1:]))
    seconds: defaultdict[str, float] = defaultdict(float)
    wrong, slowest = [], ("", 0.0)
    for entry in entries:
        started = process_time()
        ok = entry.derive().ok
        taken = process_time() - started
        seconds[entry.source.key] += taken
        slowest = max(slowest, (entry.name, taken), key=lambda item: item[1])
        wrong += [] if ok else [entry.name]
    counts = Counter(entry.source.key for entry in entries)
    for key, count in counts.items():
        print(f"{key:<12}{count:>5} identities{seconds[key]:>8.2f} s")
    print(f"{'all':<12}{len(entries):>5} identities{sum(seconds.values()):>8.2f} s")
    print(f"slowest: {slowest[0]}, {slowest[1]:.3f} s")
    for name in wrong:
        print(f"not what its source says: {name}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
