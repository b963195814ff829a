import math
import os

import pytest

from retrieval_server.cpus import available_cpus, threads_for

VISIBLE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("memory_mb", "cpus"),
    # 1769 MB is one vCPU: 1024 MB 0.58, 2048 MB 1.16.
    [("1769", 1.0), ("1024", 0.579), ("2048", 1.158), ("nonsense", math.inf), ("", math.inf)],
)
def test_lambda_gives_cpu_by_memory(tmp_path, memory_mb, cpus):
    share = available_cpus({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": memory_mb}, tmp_path)
    assert share == pytest.approx(min(cpus, VISIBLE), abs=0.001)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("58000 100000", 0.58), ("max 100000", math.inf), ("", math.inf), ("x y", math.inf), ("1 0", math.inf)],
)
def test_the_quota_of_a_control_group_counts(tmp_path, text, cpus):
    (tmp_path / "cpu.max").write_text(text)
    assert available_cpus({}, tmp_path) == min(cpus, VISIBLE)


@pytest.mark.parametrize(("quota", "cpus"), [("50000", 0.5), ("-1", math.inf)])
def test_so_does_the_older_kind_of_quota(tmp_path, quota, cpus):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000")
    assert available_cpus({}, tmp_path) == min(cpus, VISIBLE)


@pytest.mark.parametrize(
    ("cpus", "threads"), [(0.1, 1), (0.58, 1), (1.16, 1), (1.75, 2), (2.32, 2), (5.79, 6), (64, 64)]
)
def test_threads_are_as_many_as_cpus(cpus, threads):
    assert threads_for(cpus) == threads
