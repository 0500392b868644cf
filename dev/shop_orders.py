"""Orders bought and paid in the web shop of the demo, for `make demo SHOP=1`. Runs inside Odoo."""

import argparse

from benchmarks import session

SHOPPER = "shopper"
# how the orders are paid: in parts of the total
PAYMENTS = ([1.0], [0.5, 0.5], [1.0])


def make_orders(env):
    """Have a customer with a login, and his orders: paid with the demo provider, sent, invoiced.

    :param env: the administrator's, in superuser mode
    """
    if env["res.users"].search_count([("login", "=", SHOPPER)]):
        return
    provider = prepare_provider(env)
    website = env["website"].search([], limit=1)
    partner = make_shopper(env, website)
    product = env["product.product"].create(
        {
            "name": "Teapot",
            "list_price": 40.0,
            "type": "consu",
            "invoice_policy": "order",
            "is_published": True,
        }
    )
    for parts in PAYMENTS:
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "website_id": website.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})],
            }
        )
        order.currency_id.active = True  # of the shop's price list
        for part in parts:
            pay(order, provider, order.currency_id.round(order.amount_total * part))
        deliver(order)
        invoice(order)


def prepare_provider(env):
    """Return the demo provider, ready to be paid at."""
    provider = env.ref("payment.payment_provider_demo")
    if provider.state == "disabled":
        provider.write({"state": "test", "is_published": True})
    return provider


def make_shopper(env, website):
    """Return the customer, who logs in with his own name as the password."""
    user = env["res.users"].create(
        {
            "name": "Sam Shopper",
            "login": SHOPPER,
            "password": SHOPPER,
            "email": "shopper@example.com",
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            "website_id": False,
        }
    )
    user.partner_id.write(
        {
            "street": "1 rue du Port",
            "city": "Lyon",
            "zip": "69001",
            "country_id": env.ref("base.fr").id,
            "lang": website.default_lang_id.code,
        }
    )
    return user.partner_id


def pay(order, provider, amount):
    """Pay a part of an order at the demo provider, as the shop's checkout does."""
    transactions = order.env["payment.transaction"]
    tx = transactions.create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[:1].id,
            "reference": transactions._compute_reference(provider.code, order.name),
            "amount": amount,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "operation": "online_direct",
            "sale_order_ids": [(6, 0, order.ids)],
        }
    )
    tx._process("demo", {"reference": tx.reference, "simulated_state": "done"})
    tx._post_process()


def deliver(order):
    """Send what was ordered."""
    if order.state != "sale":
        order.action_confirm()
    moves = order.picking_ids.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
    for move in moves:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    moves.picking_id._action_done()


def invoice(order):
    """Invoice the order, and set its payments against it."""
    moves = order.invoice_ids or order._create_invoices()
    moves.filtered(lambda move: move.state == "draft").action_post()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    options = parser.parse_args()
    with session.open_registry(options.config).cursor() as cr:
        make_orders(session.as_admin(cr)(su=True))
        cr.commit()


if __name__ == "__main__":
    main()
