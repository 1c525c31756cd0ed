"""openapi-generator, as Maven Central has it: tests/generators/openapi-generator.pom.xml names its version."""

from pathlib import Path

from support.generators.source import Source
from support.generators.tools import DOWNLOAD_SECONDS, ran, tool

POM = Path(__file__).parents[2] / "generators/openapi-generator.pom.xml"


def generated(source: Source, language: str, folder: Path, *options: str) -> Path:
    """Generate a client from the platform's document, and return its folder; skips the test without Java and Maven."""
    java, maven = tool("java", "default-jdk"), tool("mvn", "maven")
    jars = folder / "jars"
    command = [maven, "-q", "-B", "-f", POM, "dependency:copy-dependencies", "-DexcludeTransitive=true"]
    ran(*command, f"-DoutputDirectory={jars}", cwd=folder, seconds=DOWNLOAD_SECONDS)
    (jar,) = jars.glob("*.jar")
    made = folder / "made"
    ran(java, "-jar", jar, "generate", "-i", source.file, "-g", language, *options, "-o", made, cwd=folder)
    return made
