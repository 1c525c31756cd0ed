"""Imports every module of the packages named, and fails when a member that was not named can be imported too."""

import importlib
import pkgutil
import sys
from importlib.util import find_spec

MEMBERS = frozenset(
    {
        "common",
        "applications_service",
        "review_service",
        "registry_service",
        "notifications_service",
        "embedded",
        "stack",
    }
)


def main(packages: list[str]) -> None:
    """Import all modules and print how many there are."""
    if others := sorted(name for name in MEMBERS - {*packages} if find_spec(name)):
        sys.exit(f"installed beside {', '.join(packages)}: {', '.join(others)}")
    imported = 0
    for package in packages:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)
                imported += 1
    print(f"{imported} modules of {', '.join(packages)} can be imported")


if __name__ == "__main__":
    main(sys.argv[1:])
