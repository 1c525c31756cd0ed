"""The auditor's export: every page of a service's chain, with the token, one request after the other."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from support.rules.auditor import auditor

PAGES: dict[str | None, tuple[list[int], str | None]] = {None: ([0, 1], "a+b"), "a+b": ([2], "c"), "c": ([3], None)}


@contextmanager
def serving(asked: list[tuple[str, Any]]) -> Iterator[str]:
    """Serve the pages of a chain on a free port; each request is noted with its token."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            asked.append((urlsplit(self.path).path, (query["service"], self.headers["Authorization"])))
            rows, following = PAGES[query.get("cursor", [None])[0]]
            body = json.dumps({"items": [{"seq": seq, "text": "审计"} for seq in rows], "next_cursor": following})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_export_holds_every_page_of_the_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token = tmp_path / "token.txt"
    token.write_text("secret\n", "utf-8")
    asked: list[tuple[str, Any]] = []
    with serving(asked) as url:
        arguments = ["export", "--url", f"{url}/", "--service", "registry", "--token", str(token)]
        assert auditor().main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [{"seq": seq, "text": "审计"} for seq in range(4)]
    assert asked == [("/v1/audit", (["registry"], "Bearer secret"))] * 3
