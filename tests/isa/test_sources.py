"""What programs may name of the host's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.sources import Within
from ring1.isa.source import AsmError
from tests.isa.assembly import pg32


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """A directory with a program's files, and a secret beside it."""
    folder = tmp_path / "submission"
    (folder / "deep").mkdir(parents=True)
    (tmp_path / "secret.s").write_text(".byte 47, 11\n")
    (folder / "own.s").write_text(".byte 1\n")
    (folder / "deep/own.s").write_text('.include "deeper.s"\n')
    (folder / "deep/deeper.s").write_text(".byte 2\n")
    (folder / "inside.s").symlink_to("deep/deeper.s")
    (folder / "outside.s").symlink_to("../secret.s")
    (folder / "up").symlink_to("..")
    (folder / "chain.s").symlink_to("outside.s")
    return folder


def confined(folder: Path, text: str) -> bytes:
    source = folder / "main.s"
    source.write_text(text)
    return assemble_files(pg32(), [str(source)], reach=Within([str(source)])).image


def test_files_of_its_own(submission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (Path("/"), submission, submission / "deep"):
        monkeypatch.chdir(folder)
        assert confined(submission, '.include "own.s"\n.include "deep/own.s"\n.include "inside.s"') == b"\1\2\2"
        assert confined(submission, '.incbin "./own.s", 0, 5\n.incbin "inside.s", 1, 4') == b".byte" + b"byte"


@pytest.mark.parametrize("directive", [".include", ".incbin"])
@pytest.mark.parametrize(
    "name",
    [
        "../secret.s",
        "{0}/secret.s",
        "outside.s",
        "chain.s",
        "up/secret.s",
        "deep/../own.s",
        "{0}/submission/own.s",
        "secret.s",
    ],
)
def test_files_of_others(submission: Path, monkeypatch: pytest.MonkeyPatch, directive: str, name: str) -> None:
    """Nor what lies in the working directory; and nothing of what is there is said."""
    monkeypatch.chdir(submission.parent)
    with pytest.raises(AsmError) as caught:
        confined(submission, f'{directive} "{name.format(submission.parent)}"')
    assert "directory of the sources" in str(caught.value) and "47" not in str(caught.value)


def test_a_source_that_is_a_link_out_of_its_directory(submission: Path) -> None:
    for name in ("outside.s", "chain.s"):
        path = str(submission / name)
        assert assemble_files(pg32(), [path]).image == bytes([47, 11])
        with pytest.raises(OSError, match="directory of the sources"):
            assemble_files(pg32(), [path], reach=Within([path]))
    path = str(submission / "up/secret.s")  # whoever runs ring1 may name what he likes
    assert assemble_files(pg32(), [path], reach=Within([path])).image == bytes([47, 11])
