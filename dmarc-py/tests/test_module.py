"""The package as a whole."""

import inspect
import subprocess
import sys
from pathlib import Path

import dmarc_py

EMBED = Path(__file__).parents[2] / "examples" / "embed"


def test_everything_public_is_listed_and_documented() -> None:
    public = {name for name in vars(dmarc_py) if not name.startswith("_")} | {"__version__"}
    assert public == set(dmarc_py.__all__)
    for name in public - {"__version__"}:
        item = getattr(dmarc_py, name)
        assert inspect.getdoc(item), f"{name} has no docstring"
        if inspect.isclass(item):
            for member, value in vars(item).items():
                assert member.startswith("_") or inspect.getdoc(value), f"{name}.{member} has no docstring"


def test_programs_that_use_the_package_pass_a_strict_type_check(tmp_path: Path) -> None:
    # A copy, so that nothing but the stubs says what the package is.
    for program in EMBED.glob("*.py"):
        (tmp_path / program.name).write_text(program.read_text())
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import dmarc_py\n\nspan: str = dmarc_py.parse_dmarc('').diagnostics[0].span\n")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", *sorted(tmp_path.glob("*.py"))],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    complaints = [line for line in checked.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[0] for line in complaints] == ["wrong.py"], checked.stdout + checked.stderr


def test_stubs_are_those_of_the_module() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "dmarc_py"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
