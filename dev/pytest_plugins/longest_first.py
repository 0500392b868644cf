"""A pytest plugin: random tests come first.

One of them takes minutes. Left to the end, it would keep one worker busy while the others wait.
"""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: "test_property" not in item.nodeid)
