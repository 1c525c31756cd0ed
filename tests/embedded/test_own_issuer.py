"""The demo says so when it is asked to trust another issuer than its own."""

from pathlib import Path

import pytest

from common.settings import Profile, UnusableSettingsError
from embedded.launcher import Start, assembled


async def test_the_demo_refuses_the_name_of_another_issuer(tmp_path: Path) -> None:
    start = Start(port=0, data=tmp_path, profile=Profile.DEMO, environ={"MINGPAI_ISSUER": "https://login.example.org"})
    with pytest.raises(UnusableSettingsError, match="MINGPAI_ISSUER"):
        async with assembled(start):
            pass
