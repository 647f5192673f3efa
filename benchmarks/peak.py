"""How much memory a derivative takes at its highest, beside its arguments: each in a process of its
own, since the highest mark of a process does not go down.

    python benchmarks/peak.py SYSTEM PROBLEM SIZE [DEVICE]

prints the bytes.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from derivatives import PROBLEMS, Problem
from systems import SYSTEMS, Device

# Blocks go back to the system when they are freed, so that a second call shows what it takes.
RETURNED = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}


def taken(system: str, problem: Problem, size: int, device: Device) -> int:
    """The bytes that a call takes at most, the second of its kind: what the first loads and
    compiles is not counted.  For an operator a product with a direction belongs to it."""
    values = problem.arrays(size)
    prepared = SYSTEMS[system](problem, values, device)

    def call() -> None:
        result = prepared.call()
        if problem.kind == "operator" and system == "ours":
            result.matvec(np.ones(result.columns))

    if device.name == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        call()
        torch.cuda.synchronize()
        return int(torch.cuda.max_memory_allocated()) - int(before)
    gc.collect()
    before = reset()
    call()
    return highest() - before


def reset() -> int:
    """Sets the highest mark of this process to what it holds now, and says what that is."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return highest()


def highest() -> int:
    """The most memory that this process has held since the mark was set."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def measured(system: str, name: str, size: int, device: str = "cpu") -> int | None:
    """The bytes that one system takes, in a process of its own; None where it cannot."""
    if not os.access("/proc/self/clear_refs", os.W_OK):
        return None
    run = subprocess.run(
        [sys.executable, __file__, system, name, str(size), device],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **RETURNED},
    )
    return int(run.stdout.split()[-1]) if run.returncode == 0 else None


def main() -> None:
    system, name, size, *device = sys.argv[1:]
    print(taken(system, PROBLEMS[name], int(size), Device(*device)))


if __name__ == "__main__":
    main()
