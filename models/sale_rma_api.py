from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError


class SaleRma(models.Model):
    """Returns made by other programs. Their mistakes are told in words, so that JSON-2 answers
    4xx, and nothing they say is swallowed."""

    _inherit = "sale.rma"

    external_ref = fields.Char(
        string="External Reference",
        copy=False,
        index="btree_not_null",
        help="What another program calls this return; unique in the company. Asked for a second "
        "time with it, the return that is there is given.",
    )

    _external_ref_uniq = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL",
        "This external reference is used by another return of the company.",
    )

    # === CREATING === #

    @api.model
    def create_for_order(self, order_id, lines, rma_type="return", external_ref=None, **values):
        """Create a draft return of an order.

        :param int order_id: the `sale.order` returned
        :param list lines: dicts with `sale_line_id`, `quantity` (in the sold line's unit), and
            optionally `reason` (code of a `sale.rma.reason`), `resolution` and `note`
        :param str rma_type: `withdrawal`, `return` or `claim`
        :param str external_ref: what the caller calls it, unique in the order's company: with one
            that is known, the return that has it is given, and nothing is created
        :param values: further fields of the return, such as `customer_note`
        :return: id of the return
        :raise UserError: what was said is not understood, unknown reason, line of another order,
            quantity over the limit (R1), the reference is that of another order's return
        :raise AccessError: no right to create returns or to read the order
        """
        order = self._read_record("order_id", "sale.order", order_id)
        reference = self._read_reference(external_ref)
        if known := self._find_external(order, reference):
            return known.id
        self.check_access("create")
        vals = {
            **self._read_values(values),
            "order_id": order.id,
            "rma_type": self._read_choice(self, "rma_type", rma_type),
            "external_ref": reference or False,
            "line_ids": self._read_lines(order, lines),
        }
        return self._create_once(vals).id

    @api.model
    def _find_external(self, order, reference):
        """Return the return that has an external reference in the order's company, if one has.

        :raise UserError: it is another order's
        :raise AccessError: no right to read it
        """
        if not reference:
            return self.browse()
        # sudo: looked up whoever's it is, as it is taken for everybody; the right to read it is
        # checked next
        known = self.sudo().search(
            [("external_ref", "=", reference), ("company_id", "=", order.company_id.id)], limit=1
        )
        known.with_env(self.env).check_access("read")
        if known and known.order_id != order:
            raise UserError(
                self.env._(
                    "external_ref %(reference)s is that of %(rma)s, which takes back another "
                    "order than %(order)s: give this return a reference of its own.",
                    reference=reference,
                    rma=known.name,
                    order=order.name,
                )
            )
        return known.with_env(self.env)

    @api.model
    def _create_once(self, vals):
        """Create a return.

        :raise ConcurrencyError: another transaction took its external reference since this one
            began: tried again, its return is found
        """
        if not vals["external_ref"]:
            return self.create(vals)
        try:
            with self.env.cr.savepoint():
                return self.create(vals)
        except IntegrityError as error:
            if error.diag.constraint_name != "sale_rma_external_ref_uniq":
                raise
            raise ConcurrencyError("The external reference was taken meanwhile") from error
