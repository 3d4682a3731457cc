"""The example of the README, as it stands there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", ["README.md", "dmarc-py/README.md"])
def test_the_examples_run(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    examples = re.findall(r"^```python\n(.*?)^```$", (ROOT / file).read_text(), flags=re.MULTILINE | re.DOTALL)
    assert examples, f"{file} has no example"
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, file, "exec"), names)  # noqa: S102
