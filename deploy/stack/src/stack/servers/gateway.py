"""The one origin in front of all processes: nginx, configured from the services' own route table.

A request is sent to the service that owns its first noun, any other to the front. If the process closes, the request
is sent to the next process when none of it was sent yet, when its method is idempotent, or when it has an
Idempotency-Key: the service answers a repetition with the first answer. So no request fails in a rolling restart.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request

from common.files.private import private_file
from common.kernel.errors import MingpaiError
from common.observability.correlation import Correlation
from common.service import Service
from common.web.access.origins import SHOWN
from common.web.answers.problems import answer
from common.web.audit import PATH as AUDIT
from common.web.input.strict import MAX_UPLOAD
from common.web.refusals import BodyTooLarge, ServiceUnavailable
from common.wire import GATEWAY_IDLE_SECONDS, WireSettings
from stack.machine.places import Place
from stack.machine.ports import HOST

OWNER: Final = "nobody"
SYSTEM_BINARY: Final = "/usr/sbin/nginx"
RETRY_AFTER: Final = 5
_ERRORS: Final = " error_page 502 504 = @unavailable; error_page 413 = @too_large;"
"""Repeated in each location with an error page of its own, because nginx does not inherit the server's there."""
_OWN_FIELDS: Final = f"""\
            add_header Request-Id $known_request_id always;
            add_header Access-Control-Allow-Origin * always;
            add_header Access-Control-Expose-Headers "{", ".join(SHOWN)}" always;"""
"""The headers of the gateway's own refusals, which every origin may read because they contain no personal data."""
DEADLINES: Final = WireSettings()
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
    client_header_timeout {head_seconds:.0f}s;
    client_body_timeout {body_seconds:.0f}s;
    send_timeout {body_seconds:.0f}s;
    keepalive_timeout {idle_seconds:.0f}s;
    reset_timedout_connection on;
{proxies}{resolver}
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

    map "$arg_service:$arg_subject" $audited {{
{audited}
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

        location = {audit} {{ proxy_pass http://$audited; }}
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
    """nginx is not installed."""


def binary(path: str | None = None, *, system: str = SYSTEM_BINARY) -> str:
    """Return the file of nginx: on the path, by default the caller's, or in Debian's folder. Raises NginxMissing."""
    found = shutil.which("nginx", path=path) or shutil.which(system)
    if found is None:
        raise NginxMissing("nginx is not installed (apt-get install nginx-light)")
    return found


def command(place: Place) -> list[str]:
    """Return the command that runs nginx in the foreground with the configuration in its place."""
    return [binary(), "-p", str(place.folder), "-e", "stderr", "-c", str(_file(place))]


def write_configuration(
    place: Place,
    services: Sequence[Service],
    *,
    port: int,
    apis: Mapping[str, Sequence[str]],
    front: str,
    proxies: Sequence[str] = (),
    wire: WireSettings = DEADLINES,
) -> Path:
    """Write the configuration into the place; addresses are `host:port`. Raises KeyError for a service without api."""
    place.make()
    text = configuration(
        services,
        listen=f"{HOST}:{port}",
        apis=apis,
        front=front,
        folder=place.folder,
        proxies=proxies,
        wire=wire,
    )
    private_file(_file(place)).write_text(text, "utf-8")
    place.give(_file(place))
    return _file(place)


def configuration(
    services: Sequence[Service],
    *,
    listen: str,
    apis: Mapping[str, Sequence[str]],
    front: str,
    folder: Path,
    resolver: str | None = None,
    proxies: Sequence[str] = (),
    wire: WireSettings = DEADLINES,
) -> str:
    """Return nginx's configuration. Raises KeyError for a service that has no api.

    With `resolver`, a name server's address, nginx resolves host names again while it runs (nginx 1.27.3 or newer).
    `proxies` are the addresses of web servers in front of the gateway: only from them the caller's address is taken
    from `X-Forwarded-For`. `wire` has its deadlines, by default those of our own servers.
    """
    named = {**{service.name: apis[service.name] for service in services}, "front": [front]}
    return _FRAME.format(
        folder=folder,
        listen=listen,
        largest_body=MAX_UPLOAD,
        head_seconds=wire.head_seconds,
        body_seconds=wire.body_seconds,
        idle_seconds=wire.idle_seconds,
        proxies="".join(f"    set_real_ip_from {one};\n    real_ip_header X-Forwarded-For;\n" for one in proxies),
        resolver=f"    resolver {resolver} valid=2s ipv6=off;\n" if resolver else "",
        retry_after=RETRY_AFTER,
        errors=_ERRORS,
        own_fields=_OWN_FIELDS,
        unavailable=_texts(ServiceUnavailable(retry_after=RETRY_AFTER)),
        too_large=_texts(BodyTooLarge(limit=MAX_UPLOAD)),
        audit=AUDIT,
        audited="\n".join(_audited(services)),
        upstreams="\n".join(_upstream(name, at, resolving=resolver is not None) for name, at in named.items()),
        locations="\n".join(line for service in services for line in _locations(service)),
    )


def _file(place: Place) -> Path:
    return place.folder / "nginx.conf"


def _upstream(name: str, addresses: Sequence[str], *, resolving: bool) -> str:
    # No server is marked as failed after an error: during a restart all would be marked, and no server would be left.
    # nginx closes idle connections first: an ending process (common/process/http/draining.py) closes them after 3 s and
    # any other after MINGPAI_IDLE_SECONDS, possibly while a request is sent.
    again = " resolve" if resolving else ""
    servers = f"        zone {name} 64k;\n" if resolving else ""
    servers += "".join(f"        server {address}{again} max_fails=0;\n" for address in addresses)
    idle = f"        keepalive 32;\n        keepalive_timeout {GATEWAY_IDLE_SECONDS}s;\n"
    return f"    upstream {name} {{\n{servers}{idle}    }}"


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


def _audited(services: Sequence[Service]) -> Iterator[str]:
    """Yield the lines of a map from `service:subject` to the service whose audit is meant; see common/web/audit.py."""
    yield f"        default {services[0].name};"
    for service in services:
        yield f'        "~^{service.name}:" {service.name};'
        yield f'        "~^:(?:{"|".join(service.prefixes)})_" {service.name};'


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
