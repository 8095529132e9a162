"""The report of a grading as JUnit's XML, as CI servers read it: a test suite for each submission.

The format is that of the Apache Ant task (testsuites, testsuite, testcase, failure, error).
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from ring1.dbt.grade.report import case_lines, plain
from ring1.dbt.grade.verdict import BROKEN, Graded


def as_xml(all_: Sequence[Graded], title: str) -> bytes:
    """Return the document, in UTF-8."""
    root = ElementTree.Element("testsuites", name=plain(title))
    for graded in all_:
        suite = ElementTree.SubElement(root, "testsuite", name=plain(graded.name))
        failures = errors = 0
        for verdict in graded.verdicts:
            case = ElementTree.SubElement(
                suite, "testcase", classname=plain(graded.name), name=plain(verdict.case), time=f"{verdict.seconds:.3f}"
            )
            if verdict.passed:
                continue
            broken = verdict.state == BROKEN
            errors, failures = errors + broken, failures + (not broken)
            message = verdict.complaints[0].text if verdict.complaints else verdict.state
            told = ElementTree.SubElement(case, "error" if broken else "failure", message=plain(message))
            told.text = plain("\n".join(case_lines(verdict)))
        if graded.refused:
            errors = 1
            case = ElementTree.SubElement(suite, "testcase", classname=plain(graded.name), name="submission", time="0")
            ElementTree.SubElement(case, "error", message=plain(graded.refused))
        count = max(len(graded.verdicts), errors)
        seconds = sum(verdict.seconds for verdict in graded.verdicts)
        suite.attrib |= {
            "tests": str(count),
            "failures": str(failures),
            "errors": str(errors),
            "time": f"{seconds:.3f}",
        }
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"
