"""Plays steps over HTTP as the demo's persons and reports each one; it needs only the address of the platform.

Each command carries an Idempotency-Key made from its number in the story. An interrupted story is therefore played
again from its start: commands that succeeded before only return their stored answers.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from embedded.demo.people import Demo

PATIENCE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.05


class StepFailed(Exception):  # noqa: N818 -- says what happened
    """A step of the story failed, or its effect did not appear."""

    def __init__(self, step: "Step", why: str) -> None:
        self.step = step
        super().__init__(f"{step.actor}: {step.title}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step for the report: actor, action, id, published event and duration."""

    actor: str
    title: str
    subject: str = ""
    event: str = ""
    milliseconds: float = 0.0


class Player:
    """One run of the story named `story` against one platform; it waits up to `patience` seconds for an effect."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        demo: Demo,
        *,
        story: str,
        report: Callable[[Step], None],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.client = client
        self.demo = demo
        self.story = story
        self.patience = patience
        self.steps: list[Step] = []
        self._report = report
        self._tokens: dict[str, str] = {}
        self._commands = 0

    async def do(
        self,
        actor: str,
        title: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        event: str = "",
        method: str = "POST",
        version: int | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        waits_out: Collection[str] = (),
    ) -> dict[str, Any]:
        """Send a command and return its answer. Raises StepFailed for anything but a 2xx.

        `waits_out` names the refusals of a service that events have not reached yet: it is sent again, up to
        `patience` seconds.
        """
        self._commands += 1
        headers = {"Idempotency-Key": f"{self.story}-{self._commands:04d}", **await self.headers(actor)}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        began = time.perf_counter()
        sent = {"json": body} if files is None else {"data": dict(body or {}), "files": dict(files)}
        while True:
            answer = await self.client.request(method, path, headers=headers, **sent)
            refused = None if answer.is_success else answer.json().get("code")
            if refused not in waits_out or _since(began) > self.patience * 1000:
                break
            await asyncio.sleep(LOOK_SECONDS)
        step = Step(actor=actor, title=title, event=event, milliseconds=_since(began))
        if not answer.is_success:
            raise StepFailed(step, f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        content: dict[str, Any] = answer.json()
        self._note(step, str(content.get("number") or content.get("id") or content.get("receipt_number") or ""))
        return content

    async def ask(self, actor: str | None, path: str, **params: str) -> dict[str, Any]:
        """Read something without reporting it as a step. Raises StepFailed."""
        headers = {} if actor is None else await self.headers(actor)
        answer = await self.client.get(path, params=params, headers=headers)
        if not answer.is_success:
            step = Step(actor=actor or "anybody", title=f"read {path}")
            raise StepFailed(step, f"answered {answer.status_code}: {answer.text[:500]}")
        content: dict[str, Any] = answer.json()
        return content

    async def until(
        self,
        actor: str | None,
        title: str,
        path: str,
        ready: Callable[[dict[str, Any]], Any],
        *,
        event: str = "",
        **params: str,
    ) -> Any:  # noqa: ANN401 -- what `ready` found
        """Read again until `ready` returns a true value, and return it. Raises StepFailed after `patience` seconds."""
        began = time.perf_counter()
        while True:
            content = await self.ask(actor, path, **params)
            found = ready(content)
            if found:
                subject = content.get("number") or content.get("id") or ""
                self._note(
                    Step(actor=actor or "anybody", title=title, event=event, milliseconds=_since(began)), subject
                )
                return found
            if _since(began) > self.patience * 1000:
                step = Step(actor=actor or "anybody", title=title, event=event, milliseconds=_since(began))
                why = f"{path} did not show what is expected within {self.patience:.0f} s: {str(content)[:500]}"
                raise StepFailed(step, why)
            await asyncio.sleep(LOOK_SECONDS)

    async def check(self, title: str, content: Mapping[str, Any], **expected: object) -> None:
        """Compare these fields of the content with the expected values. Raises StepFailed when one differs."""
        step = Step(actor="anybody", title=title)
        wrong = {name: content.get(name) for name, value in expected.items() if content.get(name) != value}
        if wrong:
            raise StepFailed(step, f"{wrong} is not {expected}")
        self._note(step, "")

    async def headers(self, actor: str) -> dict[str, str]:
        """Return the bearer header of a demo client, asking the issuer once."""
        if actor not in self._tokens:
            client = self.demo.client(actor)
            if client is None:
                raise ValueError(f"the demo has no client {actor!r}")
            answer = await self.client.post(
                "/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=(client.id, client.secret.get_secret_value()),
            )
            answer.raise_for_status()
            self._tokens[actor] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._tokens[actor]}"}

    def _note(self, step: Step, subject: str) -> None:
        done = Step(
            actor=step.actor, title=step.title, subject=subject, event=step.event, milliseconds=step.milliseconds
        )
        self.steps.append(done)
        self._report(done)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
