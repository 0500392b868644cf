{
    "name": "Returns: a state more",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "sale_rma contributors",
    "license": "LGPL-3",
    "depends": ["sale_rma"],
    "data": ["data/mail_template_data.xml"],
    "installable": True,
}
