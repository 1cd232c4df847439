"""What was read, held against the question: which words stand as its answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.checking.asked import Inquiry, Objection, asked
from assistant.checking.claims import is_asked_otherwise, is_not_stated
from assistant.checking.counted import is_counted_elsewhere
from assistant.checking.granted import NOBODY, is_about_another, is_asked_about, is_retracted, is_unnamed, nobody
from assistant.checking.numbers import is_of_another_thing
from assistant.reading.findings import Finding
from index.models.embedding import Embedding

Check = Callable[[Inquiry, Finding], Objection | None]
CHECKS: tuple[Check, ...] = (
    is_of_another_thing,
    is_counted_elsewhere,
    is_asked_about,
    is_unnamed,
    is_retracted,
    is_about_another,
    is_not_stated,
    is_asked_otherwise,
)


@dataclass(frozen=True, slots=True)
class Remark:
    """An objection to a sentence, for the record of an answer."""

    check: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings, those that stand first, and what was said against the others."""

    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...] = ()


def checked(question: str, language: str, findings: Sequence[Finding], embedding: Embedding | None = None) -> Checked:
    """The findings as they stand: each that would answer is checked until one does.

    One that does not stand is no longer enough; where its sentence is to be told otherwise, it is.
    """
    about = asked(question, language, embedding)
    kept, fallen, remarks = list(findings), list[Finding](), list[Remark]()
    while kept and (kept[0].enough or kept[0].doubt is not None):
        objection = first_objection(about, kept[0])
        if objection is None:
            break
        finding = kept.pop(0)
        remarks.append(Remark(objection.check, objection.reason, finding.hit.text))
        if otherwise := nobody(about, [finding, *kept]):
            told = replace(otherwise, standing=finding.standing, enough=finding.enough, doubt=finding.doubt)
            remarks.append(Remark(NOBODY, "the article says that nobody was", otherwise.hit.text))
            return Checked((told, *kept, *fallen), tuple(remarks))
        if objection.instead is not None:
            kept.insert(0, objection.instead)
            break
        fallen.append(replace(finding, enough=False, doubt=None))
    return Checked((*kept, *fallen), tuple(remarks))


def first_objection(about: Inquiry, finding: Finding) -> Objection | None:
    """What the first check that objects has against the finding."""
    return next((found for check in CHECKS if (found := check(about, finding))), None)
