"""The image as AWS runs it: as a plain container, and under the web adapter and the Lambda runtime interface emulator.
That both give the same answers is in parity/.

Needs Docker and TEST_IMAGE, an image of the stage `local`; without TEST_IMAGE these tests are skipped.
"""

import json
import time
import urllib.error
import urllib.request

import pytest
from conftest import CONTAINER
from image_containers import COMMAND, IMAGE, docker, needs_image

pytestmark = needs_image


def ask(url: str, method: str = "GET", body: object = None) -> tuple[int, str, str]:
    """Status, content type and body, as soon as something answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    end = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers["content-type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.status, error.headers["content-type"], error.read().decode()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def wait_until_ready(address: str) -> None:
    end = time.monotonic() + 30
    while ask(f"{address}/ready")[0] != 200:
        assert time.monotonic() < end, "never ready"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def run():
    """Starts containers and gives their address."""
    containers = []

    def run(port: int, *options: str, command: tuple[str, ...] = COMMAND) -> tuple[str, str]:
        container = docker("run", "--detach", "--publish", f"127.0.0.1::{port}", *options, IMAGE, *command)
        containers.append(container)
        return container, f"http://{docker('port', container, str(port)).splitlines()[0]}"

    yield run
    for container in containers:
        docker("rm", "--force", "--volumes", container)


@pytest.fixture(scope="module")
def plain(run):
    container, address = run(8000, "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL")
    wait_until_ready(address)
    return container, address


@pytest.fixture(scope="module")
def invoke(run):
    _, address = run(8080, "--entrypoint", "/usr/local/bin/aws-lambda-rie")
    url = f"{address}/2015-03-31/functions/function/invocations"
    return lambda event: json.loads(ask(url, "POST", event)[2])


@pytest.mark.parametrize("event", [{"source": "aws.events", "detail-type": "Scheduled Event"}, {"ping": True}])
def test_an_event_that_is_not_http_warms_the_index(invoke, event):
    assert invoke(event)["status"] == "warm"


def test_a_stop_ends_the_container_with_status_0(run):
    container, address = run(8000)
    assert ask(f"{address}/health")[0] == 200
    docker("stop", "--time", "10", container)
    assert docker("inspect", "--format", "{{.State.ExitCode}} {{.Config.User}}", container) == "0 10001:10001"


def inspect(template: str) -> object:
    return json.loads(docker("image", "inspect", "--format", template, IMAGE))


def in_image(*command: str, options: tuple[str, ...] = ()) -> str:
    return docker("run", "--rm", "--network", "none", "--read-only", *options, IMAGE, *command)


def test_the_configuration_is_what_lambda_and_fargate_need():
    config = inspect("{{json .Config}}")
    assert config["Entrypoint"] is None or config["Entrypoint"] == []
    assert tuple(config["Cmd"]) == COMMAND
    assert config["User"] == "10001:10001"
    assert config["Labels"]["com.amazonaws.lambda.feature.snapstart"] == "Allow"
    assert {"PORT=8000", "AWS_LWA_PORT=8000", "AWS_LWA_READINESS_CHECK_PATH=/ready"} <= set(config["Env"])


def test_byte_code_is_there_for_all_that_is_imported():
    checks = ("--volume", f"{CONTAINER / 'build_checks'}:/mnt:ro")
    assert "byte code is there for all of" in in_image("python3", "/mnt/byte_code.py", options=checks)


@pytest.mark.parametrize("program", ["pip", "pip3", "cc", "gcc", "make", "/opt/venv/bin/pip"])
def test_nothing_to_build_with_is_in_the_image(program):
    assert in_image("sh", "-c", f"command -v {program} || echo none") == "none"


def test_the_image_is_small():
    """The goal is 450 MB without the model; the emulator is only in the stage under test."""
    model = in_image("du", "-sb", "/opt/model").split()[0]
    emulator = in_image("stat", "-c", "%s", "/usr/local/bin/aws-lambda-rie")
    size = inspect("{{.Size}}") - int(model) - int(emulator)
    print(f"{size / 1e6:.0f} MB without the model")
    assert size < 450e6


def test_the_start_is_measured(plain):
    report = json.loads(ask(f"{plain[1]}/startup")[2])
    assert list(report["phases_ms"]) == ["interpreter", "imports", "model_imports", "model", "index", "warm_up"]
    assert report["backend"] == "onnx"


def test_threads_are_fitted_to_the_quota(run):
    _, address = run(8000, "--cpus", "0.5")
    wait_until_ready(address)
    assert json.loads(ask(f"{address}/startup")[2])["cpus"] == 0.5


@pytest.mark.parametrize("setting", ["APP_ROLE=light", "BACKEND=lexical"])
def test_the_same_image_can_do_less(run, setting):
    _, address = run(8000, "--env", setting, "--read-only", "--network", "bridge")
    wait_until_ready(address)
    status = ask(f"{address}/retrieve", "POST", {"query": "freedom of the press"})[0]
    assert status == (404 if setting == "APP_ROLE=light" else 200)
