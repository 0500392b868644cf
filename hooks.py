def post_init_hook(env):
    """Give what exists already what new records get by themselves: a Returns location to each
    warehouse, a reference sequence and an
    address for mails to each company, its taxes to the fee and the adjustment."""
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    warehouses._create_missing_rma_locations()
    companies = env["res.company"].search([])
    companies._create_rma_sequence()
    companies._create_rma_alias()
    companies._set_rma_product_taxes()
