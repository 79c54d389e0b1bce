"""Articles 12 to 14 GDPR and Dutch practice as a checklist over any statement, Dutch or English.

A text comes in as characters (files are read in ``reading.documents``), is cut into headings, sentences, items and rows
(``lines``, ``passages``, ``topics``), is judged item by item by cues (``rules_*``) and by reasoning over the whole
(``judge_*``), is searched for wordings at odds with the law (``antipatterns``), and leaves as a ``Report`` of statuses,
each with the passage that decides it and, where it lacks, a sentence that would say it.

``draft`` gives what a text tells of the organisation's own purposes, data, recipients and terms, for a first policy.
"""

from gestand.law.transparency.linting import CHECKLIST, lint
from gestand.law.transparency.model import Report, Status

__all__ = ["CHECKLIST", "Report", "Status", "lint"]
