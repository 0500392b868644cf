class TrustedIds(frozenset):
    """Ids that this addon itself put into the context. A class of its own, as no caller from
    outside can put one there."""
