"""Secrets from a stand-in for Secrets Manager and Systems Manager on this machine."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import CONTAINER

from retrieval_server.secrets import SecretError, fetch_secrets

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:chat-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/chat/model"


@pytest.fixture
def aws(monkeypatch):
    """Requests that it has had, as pairs of target and body."""
    had = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            target = self.headers["x-amz-target"]
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            had.append((target, body, self.headers["authorization"]))
            status, answer = 200, {}
            if target == "secretsmanager.GetSecretValue" and body["SecretId"] == SECRET:
                answer = {"SecretString": "s3cret"}
            elif target == "secretsmanager.GetSecretValue" and "binary" in body["SecretId"]:
                answer = {"SecretBinary": "AAAA"}
            elif target == "AmazonSSM.GetParameters" and body["WithDecryption"]:
                # What is not there is not in the answer.
                names = [name for name in body["Names"] if "missing" not in name]
                answer = {"Parameters": [{"Value": f"value of {name}"} for name in names]}
            else:
                status, answer = 400, {"__type": "AccessDeniedException", "message": "s3cret is not for you"}
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    yield had
    server.shutdown()
    server.server_close()


def test_variables_are_set_to_the_values(aws):
    environment = {"SECRET_ARNS": json.dumps({"CHAT_API_KEY": SECRET, "CHAT_MODEL": PARAMETER}), "OTHER": "stays"}
    fetch_secrets(environment)
    assert environment == {"CHAT_API_KEY": "s3cret", "CHAT_MODEL": f"value of {PARAMETER}", "OTHER": "stays"}
    regions = {target.split(".")[0]: authorization.split("/")[2] for target, _, authorization in aws}
    assert regions == {"secretsmanager": "eu-west-1", "AmazonSSM": "eu-central-1"}


@pytest.mark.parametrize("environment", [{}, {"SECRET_ARNS": ""}])
def test_without_secrets_nothing_is_fetched_or_imported(environment, aws):
    before = dict(environment)
    fetch_secrets(environment)
    assert environment == before
    assert aws == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x", "SECRET_ARNS: is not a JSON object of variables and ARNs"),
        ("[]", "SECRET_ARNS: is not a JSON object"),
        ('{"A": 1}', "SECRET_ARNS: is not a JSON object"),
        ('{"A": "secret"}', 'SECRET_ARNS: A: "secret" is not the ARN of a secret or a parameter'),
        ('{"A": "arn:aws:s3:::bucket/key"}', 'A: "arn:aws:s3:::bucket/key" is not the ARN of a secret or a parameter'),
    ],
)
def test_what_is_no_map_of_arns_is_refused(value, message):
    with pytest.raises(SecretError) as error:
        fetch_secrets({"SECRET_ARNS": value})
    assert str(error.value).startswith("SECRET_ARNS: ")
    assert message in str(error.value)


def test_a_secret_that_cannot_be_read_is_named_without_any_value(aws):
    arn = SECRET.replace("chat", "other")
    with pytest.raises(SecretError) as error:
        fetch_secrets({"SECRET_ARNS": json.dumps({"CHAT_API_KEY": arn, "CHAT_MODEL": PARAMETER})})
    assert str(error.value) == f"CHAT_API_KEY: {arn} can't be read (AccessDeniedException)"
    binary = SECRET.replace("chat", "binary")
    with pytest.raises(SecretError, match="is not text"):
        fetch_secrets({"SECRET_ARNS": json.dumps({"CHAT_API_KEY": binary})})


def test_the_server_reads_its_configuration_after_its_secrets(aws, index_path):
    environment = {**os.environ, "BACKEND": "lexical", "SECRET_ARNS": json.dumps({"PORT": PARAMETER})}
    server = subprocess.run(
        [sys.executable, "-m", "retrieval_server"], cwd=CONTAINER, env=environment, capture_output=True, text=True
    )
    assert (server.returncode, server.stdout) == (2, "")
    assert server.stderr == f'error: PORT: "value of {PARAMETER}" is not a number from 1 to 65535\n'


def test_a_secret_that_is_missing_stops_the_start(aws):
    arn = SECRET.replace("chat", "other")
    server = subprocess.run(
        [sys.executable, "-m", "retrieval_server"],
        cwd=CONTAINER,
        env={**os.environ, "SECRET_ARNS": json.dumps({"CHAT_API_KEY": arn})},
        capture_output=True,
        text=True,
    )
    assert (server.returncode, server.stdout) == (2, "")
    assert server.stderr == f"error: CHAT_API_KEY: {arn} can't be read (AccessDeniedException)\n"
