def post_init_hook(env):
    """Give what exists already what new records get by themselves: a Returns location to each
    warehouse, a reference sequence to each company, its taxes to the fee and the adjustment.
    (The companies' addresses for mails come from data/res_company_data.xml, at upgrades too.)"""
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    warehouses._create_missing_rma_locations()
    companies = env["res.company"].search([])
    companies._create_rma_sequence()
    companies._set_rma_product_taxes()
