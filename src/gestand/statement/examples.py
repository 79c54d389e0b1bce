"""What the template of a new organisation says where nothing was given; it may not be published as the firm's own."""

from __future__ import annotations

EXAMPLE_NAME = "Uw Firma"
EXAMPLE_ADDRESS = "Voorbeeldstraat 1, 1234 AB Voorbeeld"
EXAMPLE_WEBSITE = "https://example.nl"
