"""The package as a whole."""

import inspect
import subprocess
import sys

import dmarc_py


def test_everything_public_is_listed_and_documented() -> None:
    public = {name for name in vars(dmarc_py) if not name.startswith("_")} | {"__version__"}
    assert public == set(dmarc_py.__all__)
    for name in public - {"__version__"}:
        item = getattr(dmarc_py, name)
        assert inspect.getdoc(item), f"{name} has no docstring"
        if inspect.isclass(item):
            for member, value in vars(item).items():
                assert member.startswith("_") or inspect.getdoc(value), f"{name}.{member} has no docstring"


def test_stubs_are_those_of_the_module() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "dmarc_py"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
