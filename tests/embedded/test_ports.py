import os
import socket
from pathlib import Path

import pytest

from embedded.machine.ports import PortBusyError, holder_of, take


def test_a_free_port_is_taken_and_listens() -> None:
    with take("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_a_busy_port_is_an_error_that_names_the_holder_and_the_option() -> None:
    with take("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError) as busy:
            take("127.0.0.1", port)
    assert f"port {port} is taken by process {os.getpid()} (" in str(busy.value)
    assert f"make run PORT={busy.value.free}" in str(busy.value)
    assert busy.value.free is not None
    assert busy.value.free > port


def test_the_port_that_the_error_offers_is_free() -> None:
    with take("127.0.0.1", 0) as taken:
        with pytest.raises(PortBusyError) as busy:
            take("127.0.0.1", taken.getsockname()[1])
        assert busy.value.free is not None
        take("127.0.0.1", busy.value.free).close()


def test_nobody_holds_a_free_port() -> None:
    with take("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
    assert holder_of(port) is None


def test_a_holder_whose_files_we_may_not_see_is_another_users(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    row = "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0"
    talking = row.replace("1F40 00000000:0000 0A", "1F42 0100007F:1F40 01")
    (tmp_path / "net" / "tcp").write_text(f"  sl  local_address\n{row}\n{talking}\n")
    assert holder_of(8000, proc=tmp_path) == "a process of another user"
    assert holder_of(8001, proc=tmp_path) is None
    assert holder_of(8002, proc=tmp_path) is None


def test_where_the_system_names_no_holder_the_error_still_names_the_option(tmp_path: Path) -> None:
    assert holder_of(8000, proc=tmp_path) is None
    assert str(PortBusyError(8000, holder=None, free=None)) == (
        "port 8000 is taken; choose another with PORT=, for example: make run PORT=<another>"
    )


def test_a_port_that_just_served_is_taken_again_at_once() -> None:
    with take("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
            taken.setblocking(True)
            served, _ = taken.accept()
            served.close()
            assert caller.recv(1) == b""
    take("127.0.0.1", port).close()
