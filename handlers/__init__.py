"""The incoming edge: one module a feature, each registering its routes and forms when imported."""
