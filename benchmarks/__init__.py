"""Measures: how fast returns are, beside Odoo by hand and beside the least that can be done.

`make bench` runs `python -m benchmarks`; nothing of this is loaded with the addon.
"""
