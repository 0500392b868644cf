{
    "name": "Returns: one question more on the form",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "sale_rma contributors",
    "license": "LGPL-3",
    "depends": ["sale_rma"],
    "data": ["views/request_templates.xml"],
    "installable": True,
}
