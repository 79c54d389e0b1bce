"""The record of processing for other programs: W3C Data Privacy Vocabulary, in a DCAT catalogue as DPCat has it; JSON-LD and Turtle.

The vocabulary is a report of a W3C community group and no standard. What leaves is first held against the shapes in ``shapes/``.
Needs the extra ``dpv`` (rdflib, pyshacl); nothing of RDF is in the rest of the program.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from gestand.evidence.ropa import Activity, RecipientLine, RecordOfProcessing
from gestand.kernel.errors import GestandError, UsageError
from gestand.statement.policy import LawfulBasis, Text

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

DPV: Final = "https://w3id.org/dpv#"
PD: Final = "https://w3id.org/dpv/pd#"
EU_GDPR: Final = "https://w3id.org/dpv/legal/eu/gdpr#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
BASIS: Final = {
    LawfulBasis.CONSENT: "A6-1-a",
    LawfulBasis.CONTRACT: "A6-1-b",
    LawfulBasis.LEGAL_OBLIGATION: "A6-1-c",
    LawfulBasis.VITAL_INTERESTS: "A6-1-d",
    LawfulBasis.PUBLIC_TASK: "A6-1-e",
    LawfulBasis.LEGITIMATE_INTERESTS: "A6-1-f",
}
PEOPLE: Final = {"customer": "Customer", "visitor": "Visitor", "employee": "Employee", "child": "Child"}
MEASURES: Final = ("EncryptionAtRest", "AccessControlMethod", "ActivityMonitoring")


def graph_of(record: RecordOfProcessing, base: str) -> Graph:
    """Return the record as a graph; ``base``: the address that the firm's own names hang on.

    :raises UsageError: ``dpv-not-installed`` without the extra.
    """
    try:
        from rdflib import Graph
    except ImportError:
        raise _missing() from None
    graph = Graph()
    graph.bind("dpv", DPV)
    graph.bind("pd", PD)
    graph.bind("eu-gdpr", EU_GDPR)
    graph.bind("dcat", DCAT)
    _Writer(graph, record, base.rstrip("#/") + "/privacy").write()
    return graph


def validate(graph: Graph) -> None:
    """Hold a graph against the shapes.

    :raises GestandError: ``dpv-shapes``, with what Article 30 asks and the record lacks. :raises UsageError: ``dpv-not-installed``.
    """
    try:
        import pyshacl
        from rdflib import Graph
        from rdflib.namespace import SH
    except ImportError:
        raise _missing() from None
    shapes = Graph().parse(data=(files("gestand.evidence") / "shapes" / "ropa.ttl").read_text("utf-8"), format="turtle")
    sound, results, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    if sound or not isinstance(results, Graph):
        return
    found = sorted({f"{results.value(one, SH.focusNode)}: {results.value(one, SH.resultMessage)}" for one in results.subjects(SH.resultMessage)})  # fmt: skip
    raise GestandError(
        "dpv-shapes",
        "the record lacks what Article 30 asks: " + "; ".join(found),
        where="policy.toml",
        remedy="Add it to policy.toml, publish the version, and export again.",
    )


def to_text(graph: Graph, form: str) -> str:
    """Return a graph as ``turtle`` or ``json-ld``."""
    return graph.serialize(format=form, indent=2) if form == "json-ld" else graph.serialize(format=form)


def _missing() -> UsageError:
    return UsageError(
        "dpv-not-installed",
        "the vocabulary of W3C needs libraries that are not installed",
        remedy="pip install 'gestand[dpv]'",
    )


class _Writer:
    """Writes one record into a graph."""

    def __init__(self, graph: Graph, record: RecordOfProcessing, base: str) -> None:
        from rdflib import RDF, BNode, Literal, Namespace, URIRef
        from rdflib.namespace import DCTERMS, XSD

        self._graph, self._record, self._base = graph, record, base
        self._iri, self._blank, self._literal = URIRef, BNode, Literal
        self._a, self._dcat, self._dct, self._date = RDF.type, Namespace(DCAT), DCTERMS, XSD.date
        self._dpv, self._gdpr = Namespace(DPV), Namespace(EU_GDPR)

    def write(self) -> None:
        """Write the catalogue, the controller, every recipient and every process."""
        graph, record, dpv = self._graph, self._record, self._dpv
        controller, catalogue = self._own("controller"), self._own("record")
        graph.add((controller, self._a, dpv.DataController))
        graph.add((controller, dpv.hasName, self._literal(record.policy.controller.name)))
        for contact in record.policy.controller.contacts:
            graph.add((controller, dpv.hasContact, self._literal(contact.value)))
        graph.add((catalogue, self._a, self._dcat.Catalog))
        self._say(catalogue, self._dct.title, Text(nl="Verwerkingsregister", en="Record of processing activities"))
        graph.add((catalogue, self._dct.issued, self._literal(record.made_on.isoformat(), datatype=self._date)))
        graph.add((catalogue, self._dct.hasVersion, self._literal(record.version)))
        graph.add((catalogue, self._dct.publisher, controller))
        for line in record.recipients:
            self._recipient(line)
        for activity in record.activities:
            process = self._process(activity, controller)
            graph.add((catalogue, dpv.hasPersonalDataProcess, process))
            graph.add((catalogue, self._dcat.resource, process))
        for name, service in record.processing_for:
            process = self._own(f"processor-{name}")
            graph.add((process, self._a, dpv.Process))
            self._say(process, self._dct.title, service.title)
            graph.add((process, dpv.hasDataProcessor, controller))
            graph.add((catalogue, dpv.hasProcess, process))

    def _process(self, activity: Activity, controller: URIRef) -> URIRef:
        graph, dpv, policy, purpose = self._graph, self._dpv, self._record.policy, activity.purpose
        process = self._own(f"process-{activity.id}")
        graph.add((process, self._a, dpv.PersonalDataProcess))
        graph.add((process, self._a, self._dcat.Resource))
        self._say(process, self._dct.title, purpose.title)
        graph.add((process, dpv.hasDataController, controller))
        graph.add((process, dpv.hasPurpose, self._term(purpose.dpv, f"purpose-{activity.id}")))
        graph.add((process, dpv.hasLegalBasis, self._gdpr[BASIS[purpose.basis]]))
        graph.add((process, self._dct.conformsTo, self._literal(purpose.ground)))
        for people in purpose.subjects or ("other",):
            graph.add(
                (
                    process,
                    dpv.hasDataSubject,
                    dpv[PEOPLE[people]] if people in PEOPLE else self._own(f"people-{people}"),
                )
            )
        for name, category in policy.categories.items():
            if any(purpose.allows(f"{name}.{field}") for field in category.fields):
                graph.add((process, dpv.hasPersonalData, self._term(category.dpv, f"data-{name}")))
        for name in purpose.recipients:
            role = {"processor": dpv.hasDataProcessor, "controller": dpv.hasRecipientDataController}
            declared = policy.recipients.get(name)
            if declared is not None:
                graph.add((process, role.get(declared.role, dpv.hasRecipient), self._own(f"recipient-{name}")))
        storage = self._own(f"storage-{activity.id}")
        graph.add((storage, self._a, dpv.StorageDuration))
        self._say(storage, self._dct.description, activity.period)
        graph.add((process, dpv.hasStorageCondition, storage))
        for measure in MEASURES:
            graph.add((process, dpv.hasTechnicalOrganisationalMeasure, dpv[measure]))
        needed = {"needed": self._gdpr.DPIARequired, "not-needed": self._gdpr.DPIANotRequired}.get(
            activity.dpia.outcome
        )
        if needed is not None:
            graph.add((process, dpv.hasStatus, needed))
        return process

    def _recipient(self, line: RecipientLine) -> None:
        graph, dpv = self._graph, self._dpv
        one = self._own(f"recipient-{line.id}")
        kinds = {"processor": dpv.DataProcessor, "authority": dpv.Authority, "joint": dpv.DataController}
        if line.declared.role == "joint":
            graph.add((one, dpv.hasContact, self._literal(line.agreement.contact if line.agreement else "")))
        graph.add((one, self._a, kinds.get(line.declared.role, dpv.Recipient)))
        graph.add((one, self._a, dpv.Recipient))
        self._say(one, dpv.hasName, line.declared.title)
        graph.add((one, dpv.hasCountry, self._literal(line.declared.country)))
        if line.declared.transfer:
            graph.add((one, self._dct.conformsTo, self._literal(line.declared.transfer)))
        if line.ends is not None:
            graph.add((one, self._dct.valid, self._literal(line.ends.isoformat(), datatype=self._date)))

    def _own(self, name: str) -> URIRef:
        return self._iri(f"{self._base}#{name}")

    def _term(self, named: str, otherwise: str) -> URIRef:
        prefix, _, name = named.partition(":")
        spaces = {"dpv": DPV, "pd": PD, "eu-gdpr": EU_GDPR}
        return self._iri(spaces[prefix] + name) if name and prefix in spaces else self._own(otherwise)

    def _say(self, about: URIRef, how: URIRef, text: Text) -> None:
        self._graph.add((about, how, self._literal(text.nl, lang="nl")))
        self._graph.add((about, how, self._literal(text.en, lang="en")))
