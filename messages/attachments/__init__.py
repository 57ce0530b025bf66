"""The papers that the bot makes, as bytes: docx to print and seal, xlsx to fill in.

They are pure: the same facts give the same bytes, whenever and wherever they are made.
"""
