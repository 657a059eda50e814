"""What can be wrong with the store, for the operator."""


class StoreError(Exception):
    """The store cannot be opened or used; the text is one sentence for the operator and holds no secret."""
