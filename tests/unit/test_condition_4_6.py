"""Condition 4.6: the quality committee's report is independent of the one to the contract
supervisors. Asserted on the XML.

Compared are the files whose processes are of the committee (M5_1_02_comite_calidad, P06) with those
of the delivery and the supervision (P07, P10). What joins two files: a message or a signal of the
same name, a call, data of the same name that is kept outside a case.
"""

from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2] / "bpmn" / "m5_1_02"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
COMMITTEE = ("M5_1_02_comite_calidad",)
SUPERVISORS = (
    "M5_1_02_comite_interventor",
    "M5_1_02_entrega_interventor",
    "M5_1_02_acuse_interventor",
    "A4_2_02_desde_10",
)
JOINTS = ("message", "signal", "dataStore")


def joints(roots: list[etree._Element]) -> set[tuple[str, str]]:
    """What these files may be reached by or reach: names of messages, signals and stores, called
    and own processes."""
    found = set()
    for root in roots:
        found |= {
            (kind, element.get("name", "")) for kind in JOINTS for element in root.iter(BPMN + kind)
        }
        found |= {
            ("call", element.get("calledElement", ""))
            for element in root.iter(BPMN + "callActivity")
        }
        found |= {("call", process.get("id", "")) for process in root.iter(BPMN + "process")}
        found |= {
            ("data", element.get("name", ""))
            for kind in ("dataObject", "dataObjectReference")
            for element in root.iter(BPMN + kind)
        }
    return found


def files(processes: tuple[str, ...]) -> list[etree._Element]:
    """Of every file that has one of these processes."""
    roots = [etree.parse(path).getroot() for path in sorted(ROOT.rglob("*.bpmn"))]
    return [
        root
        for root in roots
        if {p.get("id") for p in root.iter(BPMN + "process")} & set(processes)
    ]


def test_nothing_joins_the_quality_committee_with_the_contract_supervisors() -> None:
    """Condition 4.6."""
    committee, supervisors = files(COMMITTEE), files(SUPERVISORS)
    assert (len(committee), len(supervisors)) == (1, 2), "5.2.30 and 5.2.31; 5.2.32, and A4-2-02"
    assert joints(committee) & joints(supervisors) == set()


@pytest.mark.parametrize(
    "joint",
    [
        '<message id="m" name="AcuseInterventor"/>',
        '<process id="p"><callActivity id="c" calledElement="A4_2_02_desde_10"/></process>',
    ],
)
def test_a_committee_that_were_joined_would_be_found(joint: str) -> None:
    other = etree.fromstring(f'<definitions xmlns="{BPMN[1:-1]}">{joint}</definitions>')
    assert joints([other]) & joints(files(SUPERVISORS))


def test_the_report_that_is_delivered_is_the_one_of_the_month() -> None:
    """Q22: its delivery begins with the message of P04 and with nothing else."""
    [delivery] = files(("M5_1_02_comite_interventor",))
    starts = [
        s
        for s in delivery.iter(BPMN + "startEvent")
        if s.find(BPMN + "messageEventDefinition") is not None
    ]
    [message] = [s.find(BPMN + "messageEventDefinition").get("messageRef") for s in starts]
    assert message == "msg_InformeMensualListo"
    thrown = [
        r
        for r in files(("M5_1_02_reporte_mensual",))
        if ("message", "InformeMensualListo") in joints([r])
    ]
    assert len(thrown) == 1
