"""How many CPUs this process may really use, which the visible cores do not tell in a container or on Lambda."""

import math
import os
from collections.abc import Mapping
from pathlib import Path

#: Memory at which a Lambda function has the equivalent of one vCPU:
#: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html (2026-11-25).
_LAMBDA_MB_PER_VCPU = 1769
_MEMORY = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
#: A thread for this much of a CPU less than a whole one: a little throttling costs less than an idle quarter.
_MISSING_SHARE = 0.25


def available_cpus(environment: Mapping[str, str], cgroup: Path = Path("/sys/fs/cgroup")) -> float:
    """CPUs as a share, like 1.16: the least of the affinity, the cgroup's quota and Lambda's memory setting."""
    shares = [float(len(os.sched_getaffinity(0))), _quota_v2(cgroup / "cpu.max"), _quota_v1(cgroup / "cpu")]
    memory = environment.get(_MEMORY, "")
    if memory.isdigit():
        shares.append(int(memory) / _LAMBDA_MB_PER_VCPU)
    return min(share for share in shares if share > 0)


def threads_for(cpus: float) -> int:
    """Threads that compute at the same time without being throttled much; at least 1."""
    return max(1, math.floor(cpus + _MISSING_SHARE))


def _quota_v2(file: Path) -> float:
    """Quota over period; infinite without a limit."""
    try:
        quota, period = file.read_text().split()
        return math.inf if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf


def _quota_v1(folder: Path) -> float:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
        return quota / period if quota > 0 else math.inf
    except (OSError, ValueError, ZeroDivisionError):
        return math.inf
