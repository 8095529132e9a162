"""Reports: for people, for CI servers (JUnit's XML), and in the Test Anything Protocol."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ring1.dbt.grade import report, tap
from ring1.dbt.grade.junit import as_xml
from ring1.dbt.grade.texts import told
from ring1.dbt.grade.verdict import BROKEN, FAILED, PASSED, Complaint, Graded, Verdict

COMPLAINT = Complaint("it is <wrong> & \x1b[31mred\x00", ("expected  a # b", "got       ]]>"))
ADA = Graded(
    "ada",
    (
        Verdict("one", PASSED, seconds=0.5, insns=1234, points=2, most=2),
        Verdict("two # not", FAILED, (COMPLAINT,), 0.25, 10, 0, 3, "read the manual"),
        Verdict("three", BROKEN, (Complaint("it has an error", ("a.s:1:1: error: x",)),)),
        Verdict("four", BROKEN, (Complaint("it has an error", ("a.s:1:1: error: x",)),)),
    ),
)
EVE = Graded("eve", refused="own.s is a link")


def test_text() -> None:
    text = report.as_text(ADA)
    assert "ok    one  (1,234 instructions)\n" in text
    assert "FAIL  two # not\n      it is <wrong> & ?[31mred?\n        expected  a # b\n" in text
    assert (
        "      hint: read the manual\n" in text and text.count("a.s:1:1") == 1 and "FAIL  four\n      the same" in text
    )
    assert text.endswith("ada: 1 of 4 cases passed, 2 of 7 points; 2 could not be run\n")
    assert report.summary(EVE) == "eve: not graded: own.s is a link"
    assert report.table([ADA, EVE]).splitlines()[0].endswith("  .xxx")


def test_junit() -> None:
    root = ElementTree.fromstring(as_xml([ADA, EVE], "An assignment"))
    assert root.tag == "testsuites" and root.get("name") == "An assignment"
    ada, eve = root
    assert [ada.get(key) for key in ("name", "tests", "failures", "errors", "time")] == ["ada", "4", "1", "2", "0.750"]
    assert [case.get("name") for case in ada] == ["one", "two # not", "three", "four"]
    assert [[child.tag for child in case] for case in ada] == [[], ["failure"], ["error"], ["error"]]
    failure = ada[1][0]
    assert failure.get("message") == "it is <wrong> & ?[31mred?" and "got       ]]>" in (failure.text or "")
    assert (eve.get("errors"), eve[0][0].get("message")) == ("1", "own.s is a link")


def test_tap() -> None:
    lines = tap.as_text([ADA, EVE]).splitlines()
    assert lines[:2] == ["TAP version 13", "1..5"]
    points = [line for line in lines if re.match(r"(not )?ok ", line)]
    assert points == [
        "ok 1 - ada: one",
        "not ok 2 - ada: two \\# not",
        "not ok 3 - ada: three",
        "not ok 4 - ada: four",
        "not ok 5 - eve: own.s is a link",
    ]
    assert lines.count("  ---") == lines.count("  ...") == 3
    assert '  message: "it is <wrong> & ?[31mred?"' in lines


def test_where_texts_differ() -> None:
    assert told(b"", b"x") == ("there is no output", ("expected  x(end)", "got       (end)", "          ^"))
    said, lines = told(b"one\ntwo\nthrex\n", b"one\ntwo\nthree\nfour\n")
    assert said == "the output differs from byte 12, line 3, column 5"
    assert lines == ("expected  three\\n", "got       threx\\n", "              ^")
    said, lines = told(b"x" * 200 + b"a", b"x" * 200 + b"b")
    assert "column 201" in said and lines[0].startswith("expected  ...xxx") and lines[0].endswith("xb(end)")
    assert lines[2].index("^") == lines[0].index("b(")
    assert told(b"a\x1b[31m", b"a\tb")[1][:2] == ("expected  a\\tb(end)", "got       a\\x1b[31m(end)")
