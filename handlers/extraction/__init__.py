"""What a file says, for the confidentiality gate: every text in it with its place, and what cannot be read.

`reader.read` is the way in. The file is opened, checked and parsed in a confined process of its own.
"""
