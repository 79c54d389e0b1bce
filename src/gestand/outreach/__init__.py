"""Newsletters, service messages, offers by mail and telephone, and the objections to them.

A campaign names a purpose; everyone of whom an address was collected for it is judged by ``law/marketing`` with what they
chose and what they bought (``audience``); who may get it is queued without words or address, and judged once more in the
second before it leaves (``composing``). An objection works from that second on, and outlives an erasure as a keyed hash
(``suppression``). Articles 6(1)(a), 7, 21 GDPR; Tw 11.7; RFC 2369, 2919, 8058.
"""
