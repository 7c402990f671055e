"""The locked versions in `requirements/`: what both README commands install."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it where Python has none

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
ASKED = {
    "run": PYPROJECT["project"]["dependencies"] + GROUPS["build"],
    "dev": PYPROJECT["project"]["dependencies"] + GROUPS["build"] + GROUPS["dev"],
}
PYTHONS = ("3.10", "3.11", "3.12", "3.13")


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def locked(lock: str, python: str, platform: str = "linux") -> list[tuple[str, str]]:
    """(name, version) of each package that the lock installs there."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.5",
        "sys_platform": platform,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform],
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    lines = text_of(lock).replace("\\\n", " ").splitlines()
    pins = [Requirement(line.split(" --hash")[0]) for line in lines if line and not line.startswith(("#", " "))]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
    return [(canonicalize_name(pin.name), str(pin.specifier).removeprefix("==")) for pin in wanted]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_has_one_allowed_version_of_each_requirement_for_each_python(lock, python):
    pins = locked(lock, python)
    versions = dict(pins)

    assert [name for name, count in Counter(name for name, _ in pins).items() if count > 1] == []
    for requirement in map(Requirement, ASKED[lock]):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement


@pytest.mark.parametrize("python", PYTHONS)
def test_the_developers_lock_keeps_the_versions_that_users_get(python):
    assert set(locked("run", python)) <= set(locked("dev", python))


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_has_a_hash_for_each_version_and_names_no_index(lock):
    pins = text_of(lock).replace("\\\n", " ").splitlines()

    assert [line for line in pins if "==" in line and "--hash=sha256:" not in line] == []
    assert "://" not in text_of(lock)
