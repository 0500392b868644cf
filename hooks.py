def post_init_hook(env):
    """Give what exists already what new records get by themselves: a Returns location to each
    warehouse, to each company a reference sequence and an address for mails, its taxes to the fee
    and the adjustment. At the first install only: what somebody deletes later stays deleted."""
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    warehouses._create_missing_rma_locations()
    companies = env["res.company"].search([])
    companies._create_rma_sequence()
    companies._create_rma_alias()
    companies._set_rma_product_taxes()


def uninstall_hook(env):
    """Leave orders that tell the truth without this addon (R5): what returns credited is not
    offered for invoicing again."""
    env["sale.order.line"]._settle_for_uninstall()
