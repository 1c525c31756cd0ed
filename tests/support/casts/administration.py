"""Running the commands that administer the brokers, in a test."""

from typer.testing import CliRunner, Result

from stack.cli import cli
from support.messaging.kafka import KafkaServer


class Administrator:
    """Runs `python -m stack …` as the broker's administrator, or as whom the variables say."""

    def __init__(self, server: KafkaServer) -> None:
        self._environ = {
            "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": server.broker.bootstrap,
            "MINGPAI_KAFKA_SECURITY": "SASL_PLAINTEXT",
            "STACK_KAFKA_USERNAME": "admin",
            "STACK_KAFKA_PASSWORD": server.secrets["admin"],
        }

    def run(self, *arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(cli, arguments, env={**self._environ, **variables})

    def bare(self, *arguments: str) -> Result:
        """Run a command without any setting of the broker."""
        return CliRunner().invoke(cli, arguments, env=dict.fromkeys(self._environ))
