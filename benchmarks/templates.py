"""Returns made with the ORM, whole with orders, deliveries, invoices, receipts, credit notes and
history: what the many are copied from."""

from unittest.mock import patch

from odoo.fields import Command

from .world import World, fulfil, move_all

LINE_COUNTS = (1, 2, 3, 4)
"""Items of four returns that follow each other: two and a half each."""

CLOSED = ("done", "done", "refused", "expired", "cancel")
LIVE = ("draft", "requested", "accepted", "processing")
"""How far the returns of four come, those of the last weeks and those before."""

PRODUCTS = 60
COLOURS = ("black", "white", "red", "blue", "green", "grey")
THINGS = ("shirt", "mug", "lamp", "bag", "scarf", "clock", "bowl", "blanket", "vase", "jacket")
SALESPEOPLE = ("Ada", "Ben", "Chloé", "Driss", "Emma")
TYPES = ("return", "return", "withdrawal", "claim")


class Templates:
    """Some of every kind of return.

    :ivar closed: the finished ones, four by four with 1, 2, 3 and 4 items
    :ivar live: those under way, likewise
    :ivar customer: whose they all are
    :ivar salespeople: the first has them all
    """

    def __init__(self, env):
        self.env = env(context={**env.context, "mail_notify_force_send": False})
        self.world = World(self.env)

    def make(self):
        """Make them. No mail leaves, and no slip is drawn."""
        report = type(self.env["ir.actions.report"])
        drawn = b"%PDF-1.4\n%%EOF"
        with patch.object(report, "_render_qweb_pdf", lambda *_args, **_kw: (drawn, "pdf")):
            self._make_world()
            self.closed = self._make_returns(CLOSED)
            self.live = self._make_returns(LIVE)
        self._forget_mails(self.closed | self.live)

    def _make_world(self):
        self.products = self.world.make_products(PRODUCTS)
        for index, product in enumerate(self.products):
            thing, colour = THINGS[index % len(THINGS)], COLOURS[index // len(THINGS)]
            product.name = f"{thing.capitalize()}, {colour}"
            product.default_code = f"{thing[:3].upper()}-{colour[:2].upper()}"
        self.customer = self.env["res.partner"].create(
            {
                "name": "Anna Martin",
                "email": "anna.martin@example.com",
                "street": "1 Market Street",
                "city": "Lyon",
                "zip": "69001",
                "country_id": self.env.ref("base.fr").id,
                "lang": "en_US",
            }
        )
        groups = self.env.ref("sales_team.group_sale_salesman")
        self.salespeople = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"size_{name[:3].lower()}",
                    "email": f"{name[:3].lower()}@example.com",
                    "password": f"size_{name[:3].lower()}",
                    "group_ids": [Command.set(groups.ids)],
                    "company_id": self.env.company.id,
                    "company_ids": [Command.set(self.env.company.ids)],
                }
                for name in SALESPEOPLE
            ]
        )

    def _make_returns(self, states):
        """Make four returns for each of these states."""
        counts = [count for _state in states for count in LINE_COUNTS]
        orders = self._sell(counts)
        returns = self._ask(orders, counts)
        for index, state in enumerate(states):
            self._bring_to(returns[4 * index : 4 * index + 4], state)
        return returns

    def _sell(self, counts):
        """Sell, deliver and invoice orders, half of them with one line more than will come
        back."""
        # different products in each, the same ones again after a while
        lines = []
        for index, count in enumerate(counts):
            sold = count + index // len(LINE_COUNTS) % 2
            products = [self.products[(index * 7 + i) % PRODUCTS] for i in range(sold)]
            lines.append(
                [
                    Command.create({"product_id": product.id, "product_uom_qty": 1 + i % 2})
                    for i, product in enumerate(products)
                ]
            )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.salespeople[0].id,
                    "warehouse_id": self.world.warehouse.id,
                    "company_id": self.env.company.id,
                    "order_line": commands,
                }
                for commands in lines
            ]
        )
        fulfil(orders)
        return orders

    def _ask(self, orders, counts):
        reasons = self.env["sale.rma.reason"].search([])
        reasons = reasons.filtered(
            lambda reason: (
                reason.rma_types == "all" and not (reason.note_required or reason.photo_required)
            )
        )
        return self.env["sale.rma"].create(
            [
                {
                    "order_id": order.id,
                    "rma_type": TYPES[index % len(TYPES)],
                    "customer_note": "It is not what I had hoped for.",
                    "line_ids": [
                        Command.create(
                            {
                                "sale_line_id": line.id,
                                "quantity": line.product_uom_qty,
                                "reason_id": reasons[(index + position) % len(reasons)].id,
                            }
                        )
                        for position, line in enumerate(order.order_line[:count])
                    ],
                }
                for index, (order, count) in enumerate(zip(orders, counts, strict=True))
            ]
        )

    def _bring_to(self, returns, state):
        if state == "draft":
            return
        returns.action_request()
        if state == "refused":
            # a withdrawal is refused on a ground of the law only
            returns.line_ids.refusal_ground = "sealed_hygiene"
            returns.action_refuse(reason="Bought too long ago.")
        if state in ("requested", "refused"):
            return
        returns.action_accept()
        if state == "cancel":
            returns.action_cancel(reason="The customer keeps it.")
        elif state == "expired":
            returns._cancel_documents()
            returns._change_state("expired")
        elif state in ("processing", "done"):
            move_all(returns.picking_ids)
        if state == "done":
            self._process(returns)

    def _process(self, returns):
        wizards = self.env["sale.rma.process"].create([{"rma_id": rma.id} for rma in returns])
        wizards.action_process()

    def _forget_mails(self, returns):
        """Remove the mails that were about to leave, and the slips they had with them."""
        messages = returns.message_ids
        self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)]).unlink()
        messages.attachment_ids.unlink()
