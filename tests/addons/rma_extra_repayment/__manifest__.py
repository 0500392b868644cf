{
    "name": "Returns: a way more to pay back",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "sale_rma contributors",
    "license": "LGPL-3",
    "depends": ["sale_rma"],
    "data": [],
    "installable": True,
}
