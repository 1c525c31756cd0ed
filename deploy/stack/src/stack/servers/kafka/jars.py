"""The jars of the broker, fetched once by Maven and stored under the hash of `deploy/kafka/pom.xml`."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

DEPLOYED: Final = Path(__file__).parents[5] / "kafka"
"""`deploy/kafka`: the files from which the broker is made."""

FETCH_SECONDS: Final = 300
_INSTALL: Final = "apt-get install default-jre-headless maven"


class KafkaMissing(Exception):  # noqa: N818 -- says what is wrong
    """The broker cannot be started on this machine; the text says what to install."""


def fetched(cache: Path) -> Path | None:
    """Return the folder of the jars below `cache`, None when they were not fetched yet."""
    folder = _folder(cache)
    return folder if folder.is_dir() else None


def _folder(cache: Path) -> Path:
    pom = DEPLOYED / "pom.xml"
    return cache.resolve() / f"kafka-{hashlib.sha256(pom.read_bytes()).hexdigest()[:16]}"


def jars(cache: Path) -> Path:
    """Return the folder of the jars below `cache`, fetching them when they are not there.

    Raises KafkaMissing without Java, without Maven when it is needed, or when Maven cannot fetch.
    """
    if shutil.which("java") is None:
        raise KafkaMissing(f"Java is not installed ({_INSTALL})")
    pom = DEPLOYED / "pom.xml"
    cache = cache.resolve()  # Maven would resolve a relative folder from the pom's folder
    folder = _folder(cache)
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as fetched:
            _fetch(pom, Path(fetched) / "jars")
            try:
                (Path(fetched) / "jars").rename(folder)
            except OSError:  # another process has stored the same jars first
                if not folder.is_dir():
                    raise
    return folder


def _fetch(pom: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaMissing(f"Maven is not installed, and the broker's jars were not fetched yet ({_INSTALL})")
    copy = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    command = [maven, "-q", "-B", "-f", str(pom), *copy]
    try:
        subprocess.run(command, check=True, timeout=FETCH_SECONDS, capture_output=True, text=True)  # noqa: S603 -- our own arguments
    except subprocess.CalledProcessError as error:
        raise KafkaMissing(f"Maven could not fetch the broker's jars: {error.stdout.strip()[-2000:]}") from error
    except subprocess.TimeoutExpired as error:
        raise KafkaMissing(f"Maven did not fetch the broker's jars within {FETCH_SECONDS} s") from error
