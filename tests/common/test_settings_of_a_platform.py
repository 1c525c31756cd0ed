"""What no service and no spelling escapes: a platform is judged as a whole, addresses and networks as they act."""

import pytest
import structlog

from common.settings import Settings, UnusableSettingsError
from common.settings.fields import PLATFORM_WIDE
from common.settings.variables import unknown
from support.service.settings import PRODUCTION, problems_of


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost.", "LOCALHOST", "foo.localhost", "127.0.0.1", "127.1", "127.255.0.9", "2130706433",
        "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "%6cocalhost",  # noqa: S104 -- it is refused
    ],
)  # fmt: skip
def test_production_refuses_this_machine_as_its_origin_in_every_spelling(host: str) -> None:
    problems = problems_of(PRODUCTION | {"MINGPAI_URL": f"https://{host}:8000"})
    assert "MINGPAI_URL: production refuses this machine's loopback address; name the origin that users see" in problems


@pytest.mark.parametrize(
    "networks",
    [
        "0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", "0.0.0.0/2,64.0.0.0/2,128.0.0.0/2,192.0.0.0/2", "128.0.0.0/1", "::/0",
        "::/1,8000::/1", "2000::/3", "::ffff:0:0/96", "::ffff:0:0/97,::ffff:8000:0/97", "::ffff:0:0/97,128.0.0.0/1",
        ",".join(f"{number}.0.0.0/8" for number in range(0, 256, 2)),
    ],
)  # fmt: skip
def test_production_judges_the_networks_of_proxies_together(networks: str) -> None:
    (problem,) = problems_of(PRODUCTION | {"MINGPAI_TRUSTED_PROXIES": networks})
    assert problem.startswith("MINGPAI_TRUSTED_PROXIES: production refuses to believe every address")


def test_production_believes_all_private_networks_when_asked_to() -> None:
    private = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7,::ffff:10.0.0.0/104"
    assert len(Settings.for_service("registry", PRODUCTION | {"MINGPAI_TRUSTED_PROXIES": private}).trusted_proxies) == 6


@pytest.mark.parametrize("field", sorted(PLATFORM_WIDE))
@pytest.mark.parametrize("value", ["demo", "production", "sqlite:///x", "https://other.example.org"])
def test_a_service_cannot_have_its_own_of_what_a_platform_has_one_of(field: str, value: str) -> None:
    own = f"REGISTRY_{field.upper()}"
    environ = {own: value, "MINGPAI_FAILPOINT": "registry.x"}
    if str(Settings.model_fields[field].default) != value:
        assert f"{own}: a platform has one" in problems_of(environ)[0]
    repeated = Settings.for_service("registry", {**PRODUCTION, f"REGISTRY_{'URL'}": PRODUCTION["MINGPAI_URL"]})
    assert repeated.url == PRODUCTION["MINGPAI_URL"]


def test_one_service_cannot_leave_production() -> None:
    escape = {"REGISTRY_PROFILE": "demo", "REGISTRY_CLOCK_FILE": "clock.json", "REGISTRY_FAILPOINT": "registry.x"}
    problems = problems_of(PRODUCTION | escape | {"REGISTRY_CURSOR_SECRET": "x", "REGISTRY_CORS_ORIGINS": "*"})
    assert [problem.partition(": ")[0] for problem in problems] == [
        "REGISTRY_CLOCK_FILE",
        "REGISTRY_PROFILE",
        "REGISTRY_CURSOR_SECRET",
        "REGISTRY_CORS_ORIGINS",
        "REGISTRY_FAILPOINT",
    ]


@pytest.mark.parametrize("service", ["registry", "review"])
def test_a_platform_is_refused_for_what_is_wrong_in_any_of_its_services(service: str) -> None:
    with pytest.raises(UnusableSettingsError, match=f"^{service.upper()}_PROFILE: a platform has one"):
        Settings.for_platform(("registry", "review"), PRODUCTION | {f"{service.upper()}_PROFILE": "demo"})


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"MINGPAI_DATABASE_URL": "sqlite:///all.db"}, "MINGPAI_DATABASE_URL"),
        ({"MINGPAI_DATABASE_URL": "postgresql://u:p@db/all"}, "MINGPAI_DATABASE_URL"),
        ({"REVIEW_DATABASE_URL": "sqlite:///var/../var/registry.db"}, "REVIEW_DATABASE_URL"),
    ],
)
def test_two_services_cannot_share_a_database(given: dict[str, str], variable: str) -> None:
    with pytest.raises(UnusableSettingsError) as refusal:
        Settings.for_platform(("registry", "review"), given)
    assert refusal.value.problems == [
        f"{variable}: review needs a database of its own, not that of registry; write {{service}}"
    ]
    apart = {"MINGPAI_DATABASE_URL": "sqlite:///{service}.db", "MINGPAI_BUS": "log.db"}
    assert Settings.for_platform(("registry", "review"), apart).keys() == {"registry", "review"}


def test_a_misspelt_setting_is_refused_in_production_and_named_in_the_demo() -> None:
    misspelt = {"MINGPAI_TRUSTED_PROXYS": "10.0.0.7", "REGISTRY_DATABSE_URL": "x", "REGISTRY_PASSWORD": "of another"}
    said = [
        "MINGPAI_TRUSTED_PROXYS: is no setting; the nearest is MINGPAI_TRUSTED_PROXIES",
        "REGISTRY_DATABSE_URL: is no setting; the nearest is REGISTRY_DATABASE_URL",
    ]
    assert problems_of(PRODUCTION | misspelt) == said
    assert list(unknown(Settings, ["registry"], misspelt)) == said
    with structlog.testing.capture_logs() as logged:
        Settings.warn_of_unknown(["registry"], misspelt)
    assert [line["problem"] for line in logged] == said
