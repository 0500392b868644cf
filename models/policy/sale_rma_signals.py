from collections import defaultdict

from odoo import api, fields, models

MONTHS = 12


class SaleRma(models.Model):
    """What colleagues may want to know of a customer before they decide: counts, as they were when
    the return was asked for. They block nothing, and make no score."""

    _inherit = "sale.rma"

    signal_text = fields.Text(
        string="Good to Know",
        compute="_compute_signal_text",
        help="Of the twelve months before the return was asked for. It decides nothing.",
    )

    @api.depends("partner_id", "date_requested", "order_id", "company_id")
    def _compute_signal_text(self):
        if not self.env.user._is_internal():
            self.signal_text = False
            return
        # sudo: counts and sums get out, of documents that may be other colleagues'
        rmas = self.sudo().filtered("partner_id")
        orders = rmas._read_signal_rows(
            "sale.order", [("state", "=", "sale")], "date_order", ["__count"]
        )
        returns = rmas._read_signal_rows(
            "sale.rma", [("date_requested", "!=", False)], "date_requested", ["__count"]
        )
        amounts = {
            kind: rmas._read_signal_rows(
                "account.move",
                [("state", "=", "posted"), ("move_type", "=", kind), *extra],
                "invoice_date",
                ["amount_total_signed:sum"],
            )
            for kind, extra in (("out_invoice", []), ("out_refund", [("rma_id", "!=", False)]))
        }
        # sudo: as above
        for rma, own in zip(self, self.sudo(), strict=True):
            rma.signal_text = own._describe_signals(orders, returns, amounts) if own else False

    @api.model
    def _get_signal_key(self, partner, company):
        return partner.commercial_partner_id.id, company.id

    def _read_signal_rows(self, model, domain, date_name, aggregates):
        """Return {(buyer, company): [(day, figure)]} of documents of these returns' buyers, in one
        query."""
        rows = defaultdict(list)
        partners = self.partner_id.commercial_partner_id
        if not partners:
            return rows
        groups = self.env[model]._read_group(
            [
                *domain,
                ("partner_id", "child_of", partners.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["partner_id", "company_id", f"{date_name}:day"],
            aggregates,
        )
        for partner, company, moment, figure in groups:
            rows[self._get_signal_key(partner, company)].append(
                (fields.Date.to_date(moment), figure)
            )
        return rows

    def _describe_signals(self, orders, returns, amounts):
        """Return the sentences, each with its number."""
        self.ensure_one()
        if not self.partner_id:
            return False
        key = self._get_signal_key(self.partner_id, self.company_id)
        at = fields.Date.to_date(self.date_requested or self.create_date) or fields.Date.today()
        since = fields.Date.subtract(at, months=MONTHS)

        def add_up(rows, last=at):
            return sum(figure for day, figure in rows[key] if day and since <= day <= last)

        before = fields.Date.subtract(at, days=1)
        texts = [
            self.env._(
                "%(returns)s returns before this one, on %(orders)s orders.",
                returns=add_up(returns, before),
                orders=add_up(orders),
            )
        ]
        billed = add_up(amounts["out_invoice"])
        if billed > 0:
            currency = self.company_id.currency_id
            texts.append(
                self.env._(
                    "%(refunded)s of %(billed)s were given back.",
                    refunded=currency.format(-add_up(amounts["out_refund"])),
                    billed=currency.format(billed),
                )
            )
        if other := self._count_other_items(since, at):
            texts.append(
                self.env._("%(count)s times something else was in the parcel.", count=other)
            )
        texts += self._describe_pairs()
        return "\n".join(texts)

    def _count_other_items(self, since, at):
        """Return how often another item than announced came from the customer."""
        return self.env["stock.move"].search_count(
            [
                ("state", "=", "done"),
                (
                    "rma_instead_of_id.rma_id.partner_id",
                    "child_of",
                    self.partner_id.commercial_partner_id.ids,
                ),
                ("company_id", "=", self.company_id.id),
                ("date", ">=", fields.Datetime.to_datetime(since)),
                ("date", "<", fields.Datetime.to_datetime(fields.Date.add(at, days=1))),
            ]
        )

    def _describe_pairs(self):
        """Return of which products several variants were bought on the order, as to choose from."""
        variants = defaultdict(set)
        for line in self.order_id.order_line:
            if line.product_id and line.product_uom_qty > 0:
                variants[line.product_id.product_tmpl_id].add(line.product_id)
        return [
            self.env._(
                "%(count)s variants of %(product)s on the order.",
                count=len(products),
                product=template.name,
            )
            for template, products in variants.items()
            if len(products) > 1
        ]
