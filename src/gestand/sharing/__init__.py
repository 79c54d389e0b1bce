"""Who else gets it: recipients, disclosures, orders by authorities, telling recipients (Article 19)."""
