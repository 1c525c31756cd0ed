"""What a bad upload gets, and bad text deep inside free JSON: a problem that names the reason, and nothing is kept."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from common.kernel.ids import new_id
from common.kernel.text import LONG
from common.web.input.strict import MAX_UPLOAD
from embedded.demo.people import load_demo
from embedded.journey import content, stages
from embedded.journey.player import Player
from support.service.platform import Platform

HONOUR: Final = "FAMOUS_PRODUCT"
MARK: Final = "mark-7e1d"
PDF: Final = content.material("licence")
KIND: Final = ("kind", (None, b"licence"))
FILE: Final = ("file", ("licence.pdf", PDF, "application/pdf"))
pytestmark = pytest.mark.asyncio(loop_scope="module")

Part = tuple[str, tuple[str | None, bytes] | tuple[str, bytes, str]]


class Drafted:
    """A platform with one draft of the first applicant."""

    def __init__(self, platform: Platform, path: str) -> None:
        self.platform = platform
        self.path = path

    async def send(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401 -- httpx's own
        """Send a command as the applicant; `headers` add to his."""
        headers = await self.platform.headers("applicant", method) | request.pop("headers", {})
        return await self.platform.client.request(method, path, headers=headers, **request)

    async def attach(self, *parts: Part) -> httpx.Response:
        """Attach what the parts hold."""
        return await self.send("POST", f"{self.path}/attachments", files=list(parts))

    async def draft(self) -> dict[str, Any]:
        """Read the draft."""
        answer = await self.platform.client.get(self.path, headers=await self.platform.headers("applicant"))
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def kept(self) -> dict[str, int]:
        """Count the rows that only a command writes; earlier events may still be on their way to the others."""
        counts = await self.platform.row_counts()
        return {
            table: rows
            for table, rows in counts.items()
            if table.startswith("applications.") and table not in {"applications.outbox", "applications.seals"}
        }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drafted(shared_platform: Platform) -> Drafted:
    """Provide a draft on the shared platform; what a test attaches to it stays."""
    player = Player(shared_platform.client, load_demo(), story="upload", report=lambda _: None)
    await stages.set_up_province(player)
    round_id = await stages.open_round(player, HONOUR)
    await stages.register_applicant(player, "applicant-1")
    body = {"round_id": round_id, "answers": content.answers(HONOUR)}
    draft = await player.do("applicant-1", "drafts", "/v1/applications", body)
    return Drafted(shared_platform, f"/v1/applications/{draft['id']}")


def problem_of(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Return the status, the code and the pointers of a problem document that repeats nothing of the input."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["request_id"] == answer.headers["Request-Id"]
    assert MARK not in answer.text
    return answer.status_code, problem["code"], [one["pointer"] for one in problem.get("errors", [])]


BAD_PARTS: Final[dict[str, tuple[list[Part], tuple[int, str, list[str]]]]] = {
    "no file": ([KIND], (422, "request-invalid", ["/file"])),
    "no kind": ([FILE], (422, "request-invalid", ["/kind"])),
    "two files": ([KIND, FILE, FILE], (422, "request-invalid", ["/file"])),
    "two kinds": ([KIND, KIND, FILE], (422, "request-invalid", ["/kind"])),
    "a part too many": ([KIND, FILE, ("surprise", (None, MARK.encode()))], (422, "request-invalid", ["/surprise"])),
    "the file as text": ([KIND, ("file", (None, PDF))], (422, "request-invalid", ["/file"])),
    "the kind as a file": ([("kind", ("k", b"licence", "text/plain")), FILE], (422, "request-invalid", ["/kind"])),
    "an empty file": ([KIND, ("file", ("a.pdf", b"", "application/pdf"))], (422, "file-type-not-taken", [])),
    "another type than said": (
        [KIND, ("file", ("a.pdf", MARK.encode(), "application/pdf"))],
        (422, "file-type-not-taken", []),
    ),
    "an unknown kind": ([("kind", (None, MARK.encode())), FILE], (422, "material-unknown", ["/kind"])),
    "a kind too long": ([("kind", (None, b"k" * 101)), FILE], (422, "request-invalid", ["/kind"])),
    "a control in the kind": ([("kind", (None, b"licence\x07")), FILE], (422, "request-invalid", ["/kind"])),
    "NUL in the kind": ([("kind", (None, b"licence\x00")), FILE], (422, "request-invalid", ["/kind"])),
    "bidi in the kind": ([("kind", (None, "licence\u202e".encode())), FILE], (422, "request-invalid", ["/kind"])),
    "a kind that is no UTF-8": ([("kind", (None, b"\xff\xfe")), FILE], (422, "material-unknown", ["/kind"])),
}


async def test_every_bad_upload_is_refused_with_its_reason_and_attaches_nothing(drafted: Drafted) -> None:
    before, rows = await drafted.draft(), await drafted.kept()
    got = {name: problem_of(await drafted.attach(*parts)) for name, (parts, _) in BAD_PARTS.items()}
    assert got == {name: due for name, (_, due) in BAD_PARTS.items()}
    assert (await drafted.draft(), await drafted.kept()) == (before, rows)


STRANGE_NAMES: Final = {
    "营业执照 2015.pdf": "营业执照 2015.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\wang\\licence.pdf": "licence.pdf",
    "licence\u202e\u0085fdp.pdf": "licencefdp.pdf",
    "l" * 300 + ".pdf": "l" * 200,
    "..": "licence",
    "\u3000\u3000": "licence",
    "\u2800\u00a0": "licence",
    "\u0301\u0302": "licence",
}


async def test_a_strange_file_name_is_kept_as_a_plain_one(drafted: Drafted) -> None:
    for number, (sent, kept) in enumerate(STRANGE_NAMES.items()):
        file = content.material(f"licence {number}")
        answer = await drafted.attach(KIND, ("file", (sent, file, "application/pdf")))
        assert answer.status_code == 201, (sent, answer.text)
        digest = f"sha256:{sha256(file).hexdigest()}"
        assert [one["name"] for one in answer.json()["attachments"] if one["digest"] == digest] == [kept]


async def test_an_upload_over_the_cap_is_a_problem_in_the_readers_language(drafted: Drafted) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while True:
            yield bytes(4_194_304)

    path, multipart = f"{drafted.path}/attachments", {"Content-Type": "multipart/form-data; boundary=b"}
    said = multipart | {"Content-Length": str(MAX_UPLOAD + 1), "Accept-Language": "en"}
    at_once = await drafted.send("POST", path, content=b"--b--", headers=said)
    streamed = await drafted.send("POST", path, content=endless(), headers=multipart)
    for answer in (at_once, streamed):
        assert problem_of(answer) == (413, "body-too-large", [])
        assert "RateLimit" in answer.headers
    assert at_once.json()["detail"] == f"The body is larger than {MAX_UPLOAD} bytes."
    assert streamed.json()["detail"] == f"请求正文超过 {MAX_UPLOAD} 字节。"


NO_FORMS: Final[list[tuple[str, bytes, tuple[int, str, list[str]]]]] = [
    ("multipart/form-data", b"--b--\r\n", (400, "bad-request", [])),
    ("multipart/form-data; boundary=b", b"--b\r\nno header", (400, "bad-request", [])),
    ("multipart/form-data; boundary=b", b"--other\r\n\r\n", (400, "bad-request", [])),
    ("application/json", b'{"kind": "licence"}', (415, "unsupported-media-type", [])),
    ("text/plain", MARK.encode(), (415, "unsupported-media-type", [])),
    ("application/x-www-form-urlencoded", b"kind=licence", (415, "unsupported-media-type", [])),
]


async def test_what_is_no_form_is_refused(drafted: Drafted) -> None:
    for media, body, due in NO_FORMS:
        answer = await drafted.send(
            "POST", f"{drafted.path}/attachments", content=body, headers={"Content-Type": media}
        )
        assert (media, body, problem_of(answer)) == (media, body, due)


NOTHINGS: Final = ("sha256:" + "0" * 64, "sha256:" + "0" * 63, "md5:" + "0" * 32, MARK, "..%2F..%2Fetc%2Fpasswd")


async def test_a_digest_that_nothing_was_attached_under_is_not_found(drafted: Drafted) -> None:
    await drafted.attach(KIND, FILE)
    headers = await drafted.platform.headers("applicant")
    for digest in NOTHINGS:
        answer = await drafted.platform.client.get(f"{drafted.path}/attachments/{digest}", headers=headers)
        assert (digest, answer.status_code) == (digest, 404)
        assert answer.headers["Content-Type"] == "application/problem+json"


NESTED: Final[dict[str, tuple[str, str, list[str]]]] = {
    "NUL": ('"a\\u0000"', "text-not-storable", ["/@/deep/1/text"]),
    "half a pair": ('"\\ud800"', "text-not-storable", ["/@/deep/1/text"]),
    "control": (f'"{MARK}\\u0007"', "request-invalid", ["/@/deep/1/text"]),
    "bidi": (f'"{MARK}\\u202e"', "request-invalid", ["/@/deep/1/text"]),
    "too long": ('"' + "长" * (LONG + 1) + '"', "request-invalid", ["/@/deep/1/text"]),
    "two places": ('"\\u0007", "more": "\\u0007"', "request-invalid", ["/@/deep/1/text", "/@/deep/1/more"]),
    "control in a key": ('"x", "k\\u0007": 1', "request-invalid", ["/@/deep/1"]),
    "a key too long": ('"x", "' + "k" * 201 + '": 1', "request-invalid", ["/@/deep/1"]),
}


async def test_bad_text_deep_in_answers_or_in_a_definition_is_refused_at_its_place(drafted: Drafted) -> None:
    before, rows = await drafted.draft(), await drafted.kept()
    office = await drafted.platform.headers("office")
    got, due = {}, {}
    for name, (text, code, pointers) in NESTED.items():
        for member, method, path, headers in (
            ("answers", "PUT", drafted.path, {}),
            ("definition", "POST", "/v1/programmes", {**office, "Idempotency-Key": new_id("key")}),
        ):
            body = f'{{"{member}": {{"deep": [0, {{"text": {text}}}]}}}}'.encode()
            answer = await drafted.send(
                method, path, content=body, headers={"Content-Type": "application/json", **headers}
            )
            got[name, member] = problem_of(answer)
            due[name, member] = (422, code, [pointer.replace("@", member) for pointer in pointers])
    assert got == due
    assert (await drafted.draft(), await drafted.kept()) == (before, rows)


async def test_good_text_deep_in_answers_is_kept_in_normal_form(drafted: Drafted) -> None:
    answers = {"deep": [{"text": "Ame\u0301lie\t𠮷\n"}, 1, None, True]}
    version = {"If-Match": f'"{(await drafted.draft())["version"]}"'}
    answer = await drafted.send("PUT", drafted.path, json={"answers": answers}, headers=version)
    assert answer.status_code == 200, answer.text
    assert answer.json()["answers"] == {"deep": [{"text": "Am\u00e9lie\t𠮷\n"}, 1, None, True]}


async def test_a_file_without_a_plain_name_is_refused_with_what_is_missing(drafted: Drafted) -> None:
    for named in ("; filename*=UTF-8''a.pdf", "", '; FileName*="a.pdf"'):
        head = f'Content-Disposition: form-data; name="file"{named}'
        body = (
            (
                '--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nlicence\r\n'
                f"--b\r\n{head}\r\nContent-Type: application/pdf\r\n\r\n"
            ).encode()
            + PDF
            + b"\r\n--b--\r\n"
        )
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        refused = await drafted.send("POST", f"{drafted.path}/attachments", content=body, headers=headers)
        assert (named, problem_of(refused)) == (named, (422, "request-invalid", ["/file"]))
        (error,) = refused.json()["errors"]
        assert (named, error["code"], "filename" in error["message"]) == (named, "file_expected", True)
