"""A mail server on loopback that follows a script: at each command it replies as the test chose, or misbehaves.

Commands are named as in SMTP, the greeting `CONNECT` and the end of the content `.`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from common.settings import Settings

CLOSE = "(closes)"
HANG = "(is silent)"
GARBAGE = "(no reply)"
USUAL = {
    "CONNECT": "220 scripted",
    "EHLO": "250-scripted\r\n250-AUTH PLAIN LOGIN\r\n250-STARTTLS\r\n250-8BITMIME\r\n250 SMTPUTF8",
    "AUTH": "235 2.7.0 ok",
    "STARTTLS": "220 go ahead",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go ahead",
    ".": "250 2.0.0 taken",
    "QUIT": "221 bye",
}


@dataclass
class Script:
    """The running server: `replies` are those that differ from the usual ones, `commands` what came in."""

    replies: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0

    def settings(self, **other: object) -> Settings:
        """Return settings that name this server."""
        return Settings.for_service("notifications", {}).model_copy(update={"smtp_port": self.port, **other})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        try:
            going_on = await self._reply("CONNECT", writer)
            while going_on and (line := await reader.readline()):
                said = line.decode(errors="replace").strip()  # after STARTTLS it may be anything
                self.commands.append(said)
                command = said.partition(" ")[0].upper()
                going_on = await self._reply(command, writer)
                if going_on and command == "DATA" and self._of("DATA").startswith("354"):
                    content = await reader.readuntil(b"\r\n.\r\n")
                    going_on = await self._reply(".", writer)
                    if going_on and self._of(".").startswith("250"):
                        self.taken.append(content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
                going_on = going_on and command != "QUIT"
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the client may leave at any time
        finally:
            writer.close()

    def _of(self, command: str) -> str:
        return {**USUAL, **self.replies}.get(command, "502 5.5.1 unknown")

    async def _reply(self, command: str, writer: asyncio.StreamWriter) -> bool:
        reply = self._of(command)
        if reply == HANG:
            return True
        if reply == CLOSE:
            return False
        writer.write((reply if reply != GARBAGE else "hello?").encode() + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def smtp_script(replies: Mapping[str, str] | None = None) -> AsyncIterator[Script]:
    """Run a scripted server on a free port."""
    script = Script(replies=dict(replies or {}))
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
