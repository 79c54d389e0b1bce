"""What a data subject asks, and the answer. Articles 12 and 15 to 22 GDPR.

received (clock starts) -> identity judged -> planned per datum (pure) -> dry run -> fulfilled -> searched again -> closed.
Nothing is disclosed before identity is judged; no request is ever lost; what is kept is explained item by item.
"""
