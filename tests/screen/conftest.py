"""A demo run to judge again."""

import pytest


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A finished demo run of 60 tasks; not to be changed."""
    from ift_builder.cli import ift_build
    from ift_builder.cli.boundary import run

    folder = tmp_path_factory.mktemp("runs") / "demo"
    common = ["--target", "60", "--out", str(folder), "--quiet", "--no-report"]
    assert run(ift_build, ["bootstrap", "--model", "demo", *common]) == 0
    return folder
