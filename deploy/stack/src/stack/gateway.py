"""The one origin before all processes: nginx, configured from the services' own route table.

A request goes to the processes of the service that owns its first noun, everything else to the front. One that met a
closing process goes to the next when nothing was sent, when its method is idempotent or when it carries an
Idempotency-Key: then a second arrival is answered from the first. So a rolling restart fails no request.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request

from common.correlation import Correlation
from common.errors import MingpaiError
from common.service import Service
from common.web.origins import SHOWN
from common.web.problems import answer
from common.web.refusals import BodyTooLarge, ServiceUnavailable
from common.web.strict import MAX_UPLOAD
from stack.places import Place
from stack.ports import HOST

OWNER: Final = "nobody"
SYSTEM_BINARY: Final = "/usr/sbin/nginx"
RETRY_AFTER: Final = 5
_ERRORS: Final = " error_page 502 504 = @unavailable; error_page 413 = @too_large;"
"""Repeated wherever a location has an error page of its own: nginx then forgets those of the server."""
_OWN_FIELDS: Final = f"""\
            add_header Request-Id $known_request_id always;
            add_header Access-Control-Allow-Origin * always;
            add_header Access-Control-Expose-Headers "{", ".join(SHOWN)}" always;"""
"""What the gateway's own refusals say of themselves; nothing in them is anybody's, so every origin may read them."""
_LANGUAGES: Final = ("zh", "en")
_ID: Final = "the-request-id-goes-here"

_FRAME: Final = """\
# Made from the services' route table; a change here is lost.
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size {largest_body};
    client_body_buffer_size 512k;
    large_client_header_buffers 4 16k;
{resolver}
    map $http_request_id $known_request_id {{
        "~^[A-Za-z0-9][A-Za-z0-9._:-]{{7,63}}$" $http_request_id;
        default req_$request_id;
    }}
    map $http_accept_language $language {{ default zh; "~*^en" en; }}
    map $language $unavailable {{
{unavailable}
    }}
    map $language $too_large {{
{too_large}
    }}

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Request-Id $known_request_id;
    proxy_connect_timeout 2s;
    proxy_read_timeout 60s;
    proxy_next_upstream error timeout http_502 http_503;
    proxy_next_upstream_timeout 20s;

{upstreams}

    server {{
        listen {listen};
        merge_slashes off;
        absolute_redirect off;
        recursive_error_pages on;
       {errors}

{locations}

        location / {{ proxy_pass http://front; }}
        location @unavailable {{
            default_type application/problem+json;
            add_header Retry-After {retry_after} always;
{own_fields}
            return 503 $unavailable;
        }}
        location @too_large {{
            default_type application/problem+json;
{own_fields}
            return 413 $too_large;
        }}
    }}
}}
"""


class NginxMissing(Exception):  # noqa: N818 -- says what is wrong
    """There is no gateway to start."""


def binary(path: str | None = None, *, system: str = SYSTEM_BINARY) -> str:
    """Return where nginx is: on the path, the caller's unless given, or where Debian puts it. Raises NginxMissing."""
    found = shutil.which("nginx", path=path) or shutil.which(system)
    if found is None:
        raise NginxMissing("nginx is not installed (apt-get install nginx-light)")
    return found


def command(place: Place) -> list[str]:
    """Return how nginx is started in the foreground on the configuration in its place."""
    return [binary(), "-p", str(place.folder), "-e", "stderr", "-c", str(_file(place))]


def write_configuration(
    place: Place, services: Sequence[Service], *, port: int, apis: Mapping[str, Sequence[str]], front: str
) -> Path:
    """Write the configuration into the place; addresses are `host:port`. Raises KeyError for a service without api."""
    place.make()
    text = configuration(services, listen=f"{HOST}:{port}", apis=apis, front=front, folder=place.folder)
    _file(place).write_text(text, "utf-8")
    return _file(place)


def configuration(
    services: Sequence[Service],
    *,
    listen: str,
    apis: Mapping[str, Sequence[str]],
    front: str,
    folder: Path,
    resolver: str | None = None,
) -> str:
    """Return nginx's configuration. Raises KeyError for a service that has no api.

    With `resolver`, a name server, addresses are names that are asked for again and again (nginx 1.27.3 or newer).
    """
    named = {**{service.name: apis[service.name] for service in services}, "front": [front]}
    return _FRAME.format(
        folder=folder,
        listen=listen,
        largest_body=MAX_UPLOAD,
        resolver=f"    resolver {resolver} valid=2s ipv6=off;\n" if resolver else "",
        retry_after=RETRY_AFTER,
        errors=_ERRORS,
        own_fields=_OWN_FIELDS,
        unavailable=_texts(ServiceUnavailable(retry_after=RETRY_AFTER)),
        too_large=_texts(BodyTooLarge(limit=MAX_UPLOAD)),
        upstreams="\n".join(_upstream(name, at, resolving=resolver is not None) for name, at in named.items()),
        locations="\n".join(line for service in services for line in _locations(service)),
    )


def _file(place: Place) -> Path:
    return place.folder / "nginx.conf"


def _upstream(name: str, addresses: Sequence[str], *, resolving: bool) -> str:
    # No server is ever set aside after a failure: during a restart all of them would be, and nobody left to ask.
    # Idle connections end before a process that leaves (common/draining.py: 3 s) or uvicorn (5 s) would close them
    # under a request.
    again = " resolve" if resolving else ""
    servers = f"        zone {name} 64k;\n" if resolving else ""
    servers += "".join(f"        server {address}{again} max_fails=0;\n" for address in addresses)
    return f"    upstream {name} {{\n{servers}        keepalive 32;\n        keepalive_timeout 2s;\n    }}"


def _locations(service: Service) -> Iterator[str]:
    for noun in service.nouns:
        for match in (f"= /v1/{noun}", f"/v1/{noun}/"):
            yield f"        location {match} {{"
            yield f"            error_page 418 = @keyed_{service.name};{_ERRORS}"
            yield '            if ($http_idempotency_key != "") { return 418; }'
            yield f"            proxy_pass http://{service.name};"
            yield "        }"
    yield f"        location @keyed_{service.name} {{"
    yield "            proxy_next_upstream error timeout http_502 http_503 non_idempotent;"
    yield f"            proxy_pass http://{service.name};"
    yield "        }"


def _texts(error: MingpaiError) -> str:
    """Return the lines of a map from language to the problem document that the services would answer."""
    return "\n".join(f"        {language} '{_document(error, language)}';" for language in _LANGUAGES)


def _document(error: MingpaiError, language: str) -> str:
    scope = {
        "type": "http",
        "headers": [(b"accept-language", language.encode())],
        "state": {"correlation": Correlation(id=_ID)},
    }
    document = json.loads(bytes(answer(Request(scope), error).body))
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if "'" in text or "\\" in text or "$" in text:
        raise ValueError(f"nginx cannot quote the text of {error.code}")
    return text.replace(_ID, "$known_request_id")
