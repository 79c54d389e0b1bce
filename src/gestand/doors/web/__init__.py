"""What the doors on the web share: templates, style, forms with limits, tickets used once. No page of its own."""
