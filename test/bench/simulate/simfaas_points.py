"""Runs simfaas on points given as JSON on standard input, and prints what it finds for each."""

import json
import sys
import time

import numpy as np
from simfaas.ServerlessSimulator import ServerlessSimulator
from simfaas.SimProcess import ExpSimProcess, SimProcess


class StartThenExp(SimProcess):
    """A cold request: the start, which always takes the same time, then the same work as a warm one."""

    def __init__(self, start: float, mean: float) -> None:
        super().__init__()
        self.start = start
        self.mean = mean

    def generate_trace(self) -> float:
        return self.start + np.random.exponential(self.mean)


def run(point: dict[str, float]) -> dict[str, float]:
    simulator = ServerlessSimulator(
        arrival_rate=point["perSecond"],
        warm_service_process=ExpSimProcess(rate=1 / point["warmSeconds"]),
        cold_service_process=StartThenExp(point["startSeconds"], point["warmSeconds"]),
        expiration_threshold=point["expirySeconds"],
        max_time=point["requests"] / point["perSecond"],
    )
    begin = time.process_time()
    simulator.generate_trace()
    seconds = time.process_time() - begin
    return {
        "requests": simulator.total_req_count,
        "coldShare": simulator.total_cold_count / simulator.total_req_count,
        "instances": float(simulator.get_average_server_count()),
        "cpuSeconds": seconds,
    }


np.random.seed(int(sys.argv[1]))
json.dump([run(point) for point in json.load(sys.stdin)], sys.stdout)
