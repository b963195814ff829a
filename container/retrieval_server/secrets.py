"""Fetches secrets at the start, where the platform hands over their names instead of their values."""

import json
import os
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor

#: A JSON object: variable -> ARN of a secret (Secrets Manager) or of a parameter (Systems Manager).
VARIABLE = "SECRET_ARNS"
_SECONDS = 5


class SecretError(Exception):
    """A secret can't be had; the message names its variable and ARN, never its value."""


def fetch_secrets(environment: MutableMapping[str, str] = os.environ) -> None:
    """Sets each variable of SECRET_ARNS to the secret's value, and removes SECRET_ARNS. Does nothing without it.

    Raises:
        SecretError: SECRET_ARNS is not what it should be, or a secret can't be read.
    """
    text = environment.get(VARIABLE, "").strip()
    if not text:
        return
    arns = _parse(text)
    # The import takes longer than all the rest of a start without a model.
    import botocore.session
    from botocore.config import Config

    settings = Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 3})
    session = botocore.session.get_session()
    clients = {
        key: session.create_client(key[0], region_name=key[1], config=settings) for key in map(_place, arns.values())
    }

    def fetch(item: tuple[str, str]) -> str:
        variable, arn = item
        service, region = _place(arn)
        client = clients[service, region]
        try:
            if service == "ssm":
                # The plural, as ECS does: it is another IAM action, and roles allow this one.
                found = client.get_parameters(Names=[arn], WithDecryption=True)["Parameters"]
                if not found:
                    raise SecretError(f"{variable}: {arn} does not exist")
                return found[0]["Value"]
            return client.get_secret_value(SecretId=arn)["SecretString"]
        except SecretError:
            raise
        except KeyError:
            raise SecretError(f"{variable}: {arn} is not text") from None
        except Exception as error:
            code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
            raise SecretError(f"{variable}: {arn} can't be read ({code})") from None

    with ThreadPoolExecutor(len(arns)) as executor:
        values = list(executor.map(fetch, arns.items()))
    environment.update(zip(arns, values, strict=True))
    del environment[VARIABLE]


def _parse(text: str) -> dict[str, str]:
    try:
        arns = json.loads(text)
        if not arns or not all(isinstance(arn, str) for arn in arns.values()):
            raise ValueError
    except (ValueError, AttributeError):
        raise SecretError(f"{VARIABLE}: is not a JSON object of variables and ARNs") from None
    for variable, arn in arns.items():
        if not arn.startswith("arn:") or arn.count(":") < 5 or _place(arn)[0] not in ("secretsmanager", "ssm"):
            raise SecretError(f'{VARIABLE}: {variable}: "{arn}" is not the ARN of a secret or a parameter')
    return arns


def _place(arn: str) -> tuple[str, str]:
    """Service and region of arn:partition:service:region:account:name."""
    _, _, service, region, *_ = arn.split(":")
    return service, region
