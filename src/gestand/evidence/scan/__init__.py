"""The cookie proof of any site: what a real browser keeps after a visit, whom the pages talk to, and what they try to learn."""
