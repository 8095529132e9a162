"""The debugger's protocol, spoken to a peer: what is answered, and what is not."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ring1.dbt.fuzz.peer.remote import Gone, Lost, Remote

Files = tuple[Remote, int, int]


@pytest.fixture
def files() -> Iterator[Files]:
    """A client, where its requests can be read, and where answers to it can be written."""
    asked, requests = os.pipe()
    answers, answered = os.pipe()
    yield Remote(requests, answers, 0.05), asked, answered
    for each in (asked, requests, answers):
        os.close(each)


def answer(to: int, *texts: str) -> None:
    for text in texts:
        os.write(to, b"+$%s#%02x" % (text.encode(), sum(text.encode()) & 0xFF))


def test_registers(files: Files) -> None:
    remote, asked, answered = files
    answer(answered, "l<feature/>", 'l<reg name="ra" regnum="1"/><reg name="sp"/>', "78563412", "OK")
    remote.ask("hello")
    remote.numbers = {"ra": 1, "sp": 2}
    assert remote.document("cpu.xml").endswith('<reg name="sp"/>')
    assert remote.read(["sp"]) == {"sp": 0x12345678}
    remote.write({"ra": 0xFF})
    assert b"$p2#a2" in (said := os.read(asked, 1000)) and b"$P1=ff000000#" in said
    os.close(answered)


def test_no_answer(files: Files) -> None:
    remote, _, answered = files
    os.write(answered, b"$half")
    with pytest.raises(Lost, match="does not answer"):
        remote.ask("g")
    os.close(answered)


@pytest.mark.parametrize("said", ["E14", "", "1234"])
def test_a_register_that_cannot_be_read(files: Files, said: str) -> None:
    remote, _, answered = files
    remote.numbers = {"satp": 5}
    answer(answered, said, said, said)
    with pytest.raises(Lost, match="satp"):
        remote.read(["satp"])
    with pytest.raises(Lost, match="satp"):
        remote.write({"satp": 0})
    with pytest.raises(Lost, match="0x1000"):
        remote.memory(range(0x1000, 0x1008))
    os.close(answered)


def test_a_peer_that_ends(files: Files) -> None:
    remote, _, answered = files
    os.close(answered)
    with pytest.raises(Gone):
        remote.stop()
