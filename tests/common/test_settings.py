"""Settings: the service's prefix beats the shared one, and what a start must not have is refused by its variable."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import Field

from common.settings import Profile, Settings, Shape
from support.service.settings import DISTRIBUTED, HIDDEN, PRODUCTION, STRONG, problems_of


def test_an_empty_environment_makes_an_embedded_demo_on_loopback() -> None:
    settings = Settings.for_service("registry", {})
    assert (settings.shape, settings.profile) == (Shape.EMBEDDED, Profile.DEMO)
    assert (settings.host, settings.port, settings.issuer) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database_url == "sqlite:///var/registry.db"
    assert settings.bus == Path("var/bus.db")
    assert settings.files == Path("var/files")
    assert settings.clock_file == Path("var/demo-clock.json")
    assert settings.idempotency_window == timedelta(hours=72)
    assert settings.cors_origins == []


def test_the_services_own_variable_beats_the_shared_one() -> None:
    environ = {"MINGPAI_PORT": "9000", "REGISTRY_PORT": "9001", "REVIEW_PORT": "9002"}
    ports = {name: Settings.for_service(name, environ).port for name in ("registry", "review", "applications")}
    assert ports == {"registry": 9001, "review": 9002, "applications": 9000}


def test_paths_and_addresses_follow_the_folder_the_port_and_the_service() -> None:
    settings = Settings.for_service("registry", {"MINGPAI_DATA": "/srv/mingpai", "MINGPAI_PORT": "81"})
    assert settings.database_url == "sqlite:////srv/mingpai/registry.db"
    assert (settings.bus, settings.issuer) == (Path("/srv/mingpai/bus.db"), "http://127.0.0.1:81")
    assert settings.url == "http://127.0.0.1:81"
    assert Settings.for_service("registry", {"MINGPAI_URL": "https://a.example.org/"}).url == "https://a.example.org"
    assert settings.clock_file == Path("/srv/mingpai/demo-clock.json")


def test_the_service_is_put_into_a_shared_database_url_and_other_braces_stay() -> None:
    settings = Settings.for_service("registry", {"MINGPAI_DATABASE_URL": "postgresql://u:p{x}@db/mingpai_{service}"})
    assert settings.database_url == "postgresql://u:p{x}@db/mingpai_registry"


def test_a_given_clock_file_is_taken() -> None:
    assert Settings.for_service("registry", {"MINGPAI_CLOCK_FILE": "/run/clock.json"}).clock_file == Path(
        "/run/clock.json"
    )


def test_origins_are_separated_by_commas() -> None:
    settings = Settings.for_service("registry", {"MINGPAI_CORS_ORIGINS": "https://a.example, https://b.example,"})
    assert settings.cors_origins == ["https://a.example", "https://b.example"]


def test_an_empty_variable_counts_as_absent_also_before_the_shared_one() -> None:
    settings = Settings.for_service("registry", {"REGISTRY_PORT": "", "MINGPAI_PORT": "9000", "MINGPAI_ISSUER": ""})
    assert (settings.port, settings.issuer) == (9000, "http://127.0.0.1:9000")


def test_the_process_environment_is_read_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("MINGPAI_PORT", "2")
    assert Settings().port == 8000
    assert Settings.for_service("registry").port == 2


def test_a_malformed_value_is_refused_by_the_variable_it_came_from_and_not_repeated() -> None:
    problems = problems_of({"REGISTRY_PORT": "http-ish", "MINGPAI_PROFILE": "demonstration", "MINGPAI_PORT": "1"})
    assert sorted(problems) == [
        "MINGPAI_PROFILE: Input should be 'demo' or 'production'",
        "REGISTRY_PORT: Input should be a valid integer, unable to parse string as an integer",
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MINGPAI_URL", "mingpai.example.org"),
        ("MINGPAI_ISSUER", "id.example.org"),
        ("MINGPAI_ISSUER", "ftp://id.example.org"),
        ("MINGPAI_OTLP_ENDPOINT", "127.0.0.1:4318"),
        ("MINGPAI_ISSUER_ADDRESS", "front:8000"),
        ("MINGPAI_RATE_LIMIT", "many"),
        ("MINGPAI_RATE_LIMIT_ANONYMOUS_WRITES", "few"),
        ("MINGPAI_RATE_LIMIT_TOKENS", "0 per day and night"),
        ("MINGPAI_CONNECTIONS", "9"),
        ("MINGPAI_HEAD_SECONDS", "0"),
        ("MINGPAI_BODY_SECONDS", "-1"),
        ("MINGPAI_IDLE_SECONDS", "2"),
        ("MINGPAI_TRUSTED_PROXIES", "*"),
        ("MINGPAI_TRUSTED_PROXIES", "127.0.0.1,gateway"),
        ("MINGPAI_DATABASE_URL", "mysql://db/x"),
        ("MINGPAI_LOG_LEVEL", "LOUD"),
        ("MINGPAI_PORT", "65536"),
        ("MINGPAI_IDEMPOTENCY_HOURS", "0"),
        ("MINGPAI_RATE_LIMIT", "0/minute"),
        ("MINGPAI_RATE_LIMIT_TOKENS", "0/minute"),
        ("MINGPAI_HEAD_SECONDS", "inf"),
        ("MINGPAI_BODY_SECONDS", "inf"),
        ("MINGPAI_BODY_SECONDS", "nan"),
        ("MINGPAI_IDLE_SECONDS", "3601"),
        ("MINGPAI_AUDIENCE", " "),
        ("MINGPAI_AUDIENCE", "mingpai "),
        ("MINGPAI_CURSOR_SECRET", "q7Zp2fX0vK9sLw4TbN8yRc1HdM6uJgEa\n"),
        ("MINGPAI_URL", "https://user@mingpai.example.org"),
        ("MINGPAI_URL", "https://mingpai.example.org/honours"),
        ("MINGPAI_URL", "https://mingpai.example.org?a=b"),
        ("MINGPAI_URL", "https://mingpai.example.org#a"),
        ("MINGPAI_URL", "https://Mingpai.example.org"),
        ("MINGPAI_CORS_ORIGINS", "https://a.example/"),
        ("MINGPAI_CORS_ORIGINS", "https://a.example:443"),
        ("MINGPAI_CORS_ORIGINS", "a.example"),
        ("MINGPAI_DATABASE_URL", "sqlite://"),
        ("MINGPAI_DATABASE_URL", "sqlite:///:memory:"),
        ("MINGPAI_DATABASE_URL", "sqlite:///file::memory:?mode=memory&uri=true"),
        ("MINGPAI_DATABASE_URL", "sqlite:///var/bus.db"),
        ("MINGPAI_DATABASE_URL", "sqlite:///var/../var/bus.db"),
        ("MINGPAI_DATABASE_URL", "sqlite"),
    ],
)
def test_a_value_that_cannot_work_is_refused(variable: str, value: str) -> None:
    (problem,) = problems_of({variable: value})
    assert problem.startswith(f"{variable}: ")


def test_a_settled_production_environment_is_accepted_in_both_shapes() -> None:
    embedded = Settings.for_service("registry", PRODUCTION)
    assert (embedded.shape, embedded.is_production, embedded.clock_file) == (Shape.EMBEDDED, True, None)
    distributed = Settings.for_service("registry", PRODUCTION | DISTRIBUTED | {"MINGPAI_KAFKA_SECURITY": "SSL"})
    assert distributed.database_url == "postgresql://db.example.org/registry"


def test_production_takes_the_keys_of_a_safe_issuer_from_no_unsafe_address() -> None:
    assert problems_of(PRODUCTION | {"MINGPAI_ISSUER_ADDRESS": "http://id.inside:8080"}) == [
        "MINGPAI_ISSUER_ADDRESS: production refuses the keys of an https: issuer from an http: address"
    ]
    safe = Settings.for_service("registry", PRODUCTION | {"MINGPAI_ISSUER_ADDRESS": "https://id.inside:8443"})
    assert safe.issuer_address == "https://id.inside:8443"


def test_production_refuses_the_issuer_and_the_secret_of_the_demo() -> None:
    assert problems_of({"MINGPAI_PROFILE": "production"}) == [
        "MINGPAI_URL: production refuses this machine's loopback address; name the origin that users see",
        "MINGPAI_ISSUER: production refuses the development issuer; name your own",
        "MINGPAI_CURSOR_SECRET: production refuses the demo's secret; give your own",
        "MINGPAI_MAIL_FROM: production refuses the demo's sender; name your own",
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"MINGPAI_CORS_ORIGINS": "https://a.example,*"}, "MINGPAI_CORS_ORIGINS: production refuses wildcard origins"),
        ({"REGISTRY_CORS_ORIGINS": "https://*.a.example"}, "REGISTRY_CORS_ORIGINS: production refuses wildcard"),
        ({"MINGPAI_FAILPOINT": "registry.before-commit"}, "MINGPAI_FAILPOINT: production refuses failpoints"),
        ({"REGISTRY_FAILPOINT": "registry.before-commit"}, "REGISTRY_FAILPOINT: production refuses failpoints"),
        ({"MINGPAI_CLOCK_FILE": "/run/clock.json"}, "MINGPAI_CLOCK_FILE: production refuses the movable legal clock"),
        ({"MINGPAI_TRUSTED_PROXIES": "0.0.0.0/0"}, "MINGPAI_TRUSTED_PROXIES: production refuses to believe every"),
        ({"MINGPAI_TRUSTED_PROXIES": "::/0"}, "MINGPAI_TRUSTED_PROXIES: production refuses to believe every"),
        ({"MINGPAI_ISSUER": "http://127.0.0.1:8000"}, "MINGPAI_ISSUER: production refuses the development issuer"),
        ({"MINGPAI_CORS_ORIGINS": "null"}, "MINGPAI_CORS_ORIGINS: production refuses the origin null"),
        (
            {"MINGPAI_ISSUER": "http://id.example.org"},
            "MINGPAI_ISSUER: production refuses an issuer",
        ),
        ({"MINGPAI_ISSUER": "http://127.example.org"}, "MINGPAI_ISSUER: production refuses an issuer beyond"),
        (
            {"MINGPAI_ISSUER": "http://127.0.0.1:9", "MINGPAI_ISSUER_ADDRESS": "http://id.example.org"},
            "MINGPAI_ISSUER_ADDRESS: production refuses keys from beyond this machine",
        ),
        (
            {"MINGPAI_SMTP_USERNAME": "mingpai", "MINGPAI_SMTP_PASSWORD": STRONG},
            "MINGPAI_SMTP_STARTTLS: production refuses to send the mail",
        ),
        ({"MINGPAI_CURSOR_SECRET": "k" * 64}, "MINGPAI_CURSOR_SECRET: production refuses a secret that can be guessed"),
        ({"MINGPAI_CURSOR_SECRET": "mingpai-" * 8}, "MINGPAI_CURSOR_SECRET: production refuses a secret that can"),
        ({"MINGPAI_KAFKA_PASSWORD": "kafka123"}, "MINGPAI_KAFKA_PASSWORD: production refuses a password that can be"),
        ({"MINGPAI_KAFKA_PASSWORD": "demo-kafka-review"}, "MINGPAI_KAFKA_PASSWORD: production refuses the demo's"),
        (
            {"MINGPAI_DATABASE_URL": "postgresql://u:postgres@db/x"},
            "MINGPAI_DATABASE_URL: production refuses a",
        ),
        (
            {"MINGPAI_CURSOR_SECRET": "qwertyuiopasdfghjklzxcvbnm123456"},
            "MINGPAI_CURSOR_SECRET: production refuses a secret that can be guessed",
        ),
        ({"MINGPAI_URL": "http://mingpai.example.org"}, "MINGPAI_URL: production refuses an origin without TLS"),
        ({"MINGPAI_ISSUER": "https://mingpai.example.org/"}, "MINGPAI_ISSUER: production refuses the development"),
        ({"MINGPAI_ISSUER": "http://localhost:8000"}, "MINGPAI_ISSUER: production refuses the development issuer"),
        ({"MINGPAI_MAIL_FROM": "mingpai@example.org"}, "MINGPAI_MAIL_FROM: production refuses the demo's sender"),
        ({"MINGPAI_CURSOR_SECRET": "k" * 31}, "MINGPAI_CURSOR_SECRET: production refuses a secret of less than 32"),
    ],
)
def test_production_refuses_each_means_of_the_demo_by_its_variable(given: dict[str, str], problem: str) -> None:
    (said,) = problems_of(PRODUCTION | given)
    assert said.startswith(problem)


def test_production_in_many_processes_names_its_gateway_or_all_callers_would_have_one_address() -> None:
    several = PRODUCTION | DISTRIBUTED | {"MINGPAI_KAFKA_SECURITY": "SSL"}
    assert problems_of(several | {"MINGPAI_TRUSTED_PROXIES": ""}) == [
        "MINGPAI_TRUSTED_PROXIES: behind the gateway all callers would have its address; name the gateway"
    ]
    named = Settings.for_service("registry", several | {"MINGPAI_TRUSTED_PROXIES": "10.0.0.7, 10.1.0.0/16"})
    assert [str(proxy) for proxy in named.trusted_proxies] == ["10.0.0.7/32", "10.1.0.0/16"]


def test_the_demo_may_have_wildcards_and_failpoints() -> None:
    settings = Settings.for_service("registry", {"MINGPAI_CORS_ORIGINS": "*", "MINGPAI_FAILPOINT": "registry.x"})
    assert (settings.cors_origins, settings.failpoint) == (["*"], "registry.x")


def test_the_distributed_shape_refuses_sqlite_and_the_embedded_log() -> None:
    assert problems_of({"MINGPAI_SHAPE": "distributed"}) == [
        "MINGPAI_DATABASE_URL: the distributed shape refuses SQLite; give a postgresql: URL",
        "MINGPAI_KAFKA_BOOTSTRAP_SERVERS: the distributed shape refuses the embedded log; name the Kafka brokers",
    ]
    assert Settings.for_service("registry", DISTRIBUTED).shape is Shape.DISTRIBUTED


def test_no_secret_is_shown_by_the_settings_or_their_refusal() -> None:
    secret = "s3cret-" * 5
    environ = {"MINGPAI_DATABASE_URL": f"postgresql://u:{secret}@db/x", "MINGPAI_CURSOR_SECRET": secret}
    settings = Settings.for_service(
        "registry", environ | {"MINGPAI_SMTP_USERNAME": "u", "MINGPAI_SMTP_PASSWORD": secret}
    )
    assert secret not in f"{settings!r} {settings}"
    assert secret not in "".join(problems_of({"MINGPAI_DATABASE_URL": f"mysql://u:{secret}@db/x"}))


def test_settings_do_not_change() -> None:
    settings = Settings.for_service("registry", {})
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "port", 1)  # noqa: B010 -- mypy would refuse the plain assignment


class MoreSettings(Settings):
    """Settings of a service that needs one more."""

    witness: str = Field(default="none", description="Outside witness of the log.")


def test_a_service_adds_settings_of_its_own() -> None:
    assert MoreSettings.for_service("registry", {"REGISTRY_WITNESS": "w"}).witness == "w"
    assert MoreSettings.sources("registry")[-1].variable == "REGISTRY_WITNESS"


def test_every_setting_is_described_with_its_variable_and_default() -> None:
    settings = {setting.name: setting for setting in Settings.sources()}
    assert settings.keys() == Settings.model_fields.keys()
    assert all(setting.description.endswith((".", "it.")) for setting in settings.values())
    assert settings["database_url"].variable == "MINGPAI_DATABASE_URL"
    assert settings["database_url"].default == "sqlite:///{data}/{service}.db"
    assert (settings["shape"].default, settings["clock_file"].default) == ("embedded", "")
    assert settings["cursor_secret"].default == "**********"


@pytest.mark.parametrize(("given", "missing"), [("USERNAME", "PASSWORD"), ("PASSWORD", "USERNAME")])
def test_a_login_at_the_mail_server_needs_both_halves(given: str, missing: str) -> None:
    (problem,) = problems_of({f"MINGPAI_SMTP_{given}": STRONG})
    assert problem.startswith(f"MINGPAI_SMTP_{missing}: a mail server that is given smtp_{given.lower()} asks")


@pytest.mark.parametrize("security", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_a_login_at_the_brokers_needs_a_name_and_a_password(security: str) -> None:
    environ = {**DISTRIBUTED, "MINGPAI_KAFKA_SECURITY": security}
    assert problems_of({**environ, "REGISTRY_KAFKA_USERNAME": "registry"}) == [
        f"MINGPAI_KAFKA_PASSWORD: {security} asks for it"
    ]
    assert len(problems_of(environ)) == 2


@pytest.mark.parametrize(
    ("servers", "security", "refused"),
    [
        ("kafka-1:9092", "PLAINTEXT", True),
        ("127.0.0.1:9092,kafka-1:9092", "SASL_PLAINTEXT", True),
        ("kafka-1:9092", "SASL_SSL", False),
        ("kafka-1:9092", "SSL", False),
        ("localhost:9092,127.0.0.1:9093,[::1]:9094", "SASL_PLAINTEXT", False),
    ],
)
def test_production_speaks_to_brokers_on_other_machines_by_tls_only(
    servers: str,
    security: str,
    refused: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    environ = {
        **DISTRIBUTED,
        **PRODUCTION,
        "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": servers,
        "MINGPAI_KAFKA_SECURITY": security,
        "MINGPAI_KAFKA_USERNAME": "registry",
        "MINGPAI_KAFKA_PASSWORD": HIDDEN,
    }
    if refused:
        (problem,) = problems_of(environ)
        assert problem.startswith("MINGPAI_KAFKA_SECURITY: production refuses brokers beyond this machine without TLS")
    else:
        settings = Settings.for_service("registry", environ)
        assert (settings.kafka_security, HIDDEN in repr(settings)) == (security, False)


FILES = {
    "MINGPAI_FILES_ENDPOINT": "https://s3.example.org",
    "REGISTRY_FILES_ACCESS_KEY_ID": "registry",
    "REGISTRY_FILES_SECRET_ACCESS_KEY": HIDDEN,
}


def test_a_store_of_attachments_needs_a_key_and_shows_no_secret() -> None:
    assert problems_of({"MINGPAI_FILES_ENDPOINT": "http://127.0.0.1:9000"}) == [
        "MINGPAI_FILES_ACCESS_KEY_ID: the store of attachments asks for it",
        "MINGPAI_FILES_SECRET_ACCESS_KEY: the store of attachments asks for it",
    ]
    settings = Settings.for_service("registry", FILES)
    assert (settings.files_bucket, settings.files_region) == ("mingpai", "us-east-1")
    assert HIDDEN not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    "given",
    [
        {"MINGPAI_FILES_ENDPOINT": "s3.example.org"},
        {"MINGPAI_FILES_ENDPOINT": "s3://mingpai"},
        {"MINGPAI_FILES_BUCKET": "mingpai/attachments"},
        {"MINGPAI_FILES_BUCKET": "Mingpai"},
        {"MINGPAI_FILES_BUCKET": "m"},
    ],
)
def test_a_store_of_attachments_that_cannot_be_is_refused(given: dict[str, str]) -> None:
    (problem,) = problems_of(FILES | given)
    assert problem.startswith(f"{next(iter(given))}: ")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"MINGPAI_FILES_ENDPOINT": "http://s3.inside"}, "MINGPAI_FILES_ENDPOINT: production refuses a store beyond"),
        (
            {"MINGPAI_FILES_ENDPOINT": "http://127.0.0.1@s3.inside"},
            "MINGPAI_FILES_ENDPOINT: production refuses a store beyond",
        ),
        (
            {"REGISTRY_FILES_SECRET_ACCESS_KEY": "demo-files-registry"},
            "REGISTRY_FILES_SECRET_ACCESS_KEY: production refuses the demo's secret",
        ),
    ],
)
def test_production_refuses_a_store_of_attachments_that_others_could_open(given: dict[str, str], problem: str) -> None:
    (said,) = problems_of(PRODUCTION | FILES | given)
    assert said.startswith(problem)


@pytest.mark.parametrize("endpoint", ["https://s3.inside", "http://127.0.0.1:9000", "http://[::1]", "http://localhost"])
def test_production_takes_a_store_of_attachments_by_tls_or_on_this_machine(endpoint: str) -> None:
    settings = Settings.for_service("registry", PRODUCTION | FILES | {"MINGPAI_FILES_ENDPOINT": endpoint})
    assert settings.files_endpoint == endpoint
