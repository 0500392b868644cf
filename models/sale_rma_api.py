from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleRma(models.Model):
    """Returns made by other programs."""

    _inherit = "sale.rma"

    @api.model
    def create_for_order(self, order_id, lines, rma_type="return", **values):
        """Create a draft return of an order.

        :param int order_id: the `sale.order` returned
        :param list lines: dicts with `sale_line_id`, `quantity` (in the sold line's unit), and
            optionally `reason` (code of a `sale.rma.reason`), `resolution` and `note`
        :param str rma_type: `withdrawal`, `return` or `claim`
        :param values: further fields of the return, such as `customer_note`
        :return: id of the return
        :raise UserError: unknown reason, line of another order, quantity over the limit (R1)
        :raise AccessError: no right to create returns or to read the order
        """
        order = self.env["sale.order"].browse(order_id)
        order.check_access("read")
        codes = {line["reason"] for line in lines if line.get("reason")}
        reasons = {
            reason.code: reason
            for reason in self.env["sale.rma.reason"].search([("code", "in", list(codes))])
        }
        if unknown := codes - reasons.keys():
            raise UserError(
                self.env._("Unknown return reason: %(codes)s", codes=", ".join(sorted(unknown)))
            )
        commands = [
            Command.create(
                {
                    "sale_line_id": line["sale_line_id"],
                    "quantity": line["quantity"],
                    "reason_id": reasons[line["reason"]].id if line.get("reason") else False,
                    "resolution": line.get("resolution") or "refund",
                    "note": line.get("note"),
                }
            )
            for line in lines
        ]
        rma = self.create(
            {**values, "order_id": order.id, "rma_type": rma_type, "line_ids": commands}
        )
        return rma.id
