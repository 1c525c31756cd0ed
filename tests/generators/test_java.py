"""openapi-generator's client in Java, over the JDK's HTTP client, takes our document whole and calls the platform."""

import os
import re
import shutil
from pathlib import Path

import pytest

from support.generators.openapi_generator import generated
from support.generators.source import Source, camel
from support.generators.tools import DOWNLOAD_SECONDS, ran, tool

CALLS = Path(__file__).parent / "clients/java/Calls.java"


@pytest.mark.timeout(3 * DOWNLOAD_SECONDS)
def test_openapi_generator_for_java(source: Source, tmp_path: Path) -> None:
    maven, java, javac = tool("mvn", "maven"), tool("java", "default-jdk"), tool("javac", "default-jdk")
    made = generated(source, "java", tmp_path, "--library", "native")
    classes = made / "src/main/java/org/openapitools/client"
    calls = "".join(file.read_text("utf-8") for file in classes.glob("api/*.java"))
    assert (
        set(map(camel, source.operations())) - set(re.findall(r"^  public \S+ (\w+)\(", calls, re.MULTILINE)) == set()
    )
    assert source.schemas() - {file.stem for file in classes.glob("model/*.java")} == set()
    command = [maven, "-q", "-B", "compile", "dependency:build-classpath", "-Dmdep.outputFile=libraries"]
    ran(*command, cwd=made, seconds=DOWNLOAD_SECONDS)
    libraries = os.pathsep.join([str(made / "target/classes"), (made / "libraries").read_text("utf-8")])
    shutil.copy(CALLS, made)
    ran(javac, "-cp", libraries, "-d", "calls", "Calls.java", cwd=made)
    source.call(java, "-cp", os.pathsep.join(["calls", libraries]), "Calls", code="AG-JAVA", cwd=made)
