"""How a datum enters: validated, minimised, given subject, purpose and shelf.

a value comes for a purpose (admission), or a file of them (files -> table, mapping -> columns) -> each is judged
(rows, reading.identifiers) -> who is it, perhaps one already known (duplicates) -> when does its period begin
(register) -> sealed (vault). What no purpose needs is refused by name. Articles 5(1)(b) to (e), 9 and 25 GDPR, UAVG 46.
"""
