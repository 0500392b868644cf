{
    "name": "Returns: a kind of history more",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "sale_rma contributors",
    "license": "LGPL-3",
    "depends": ["sale_rma"],
    "data": ["data/mail_message_subtype_data.xml"],
    "installable": True,
}
