from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleRma(models.Model):
    """What came instead of what the returns wait for: told, and taken by a click."""

    _inherit = "sale.rma"

    other_serial_message = fields.Char(
        compute="_compute_other_serial_message",
        compute_sudo=True,  # names of what came on the return, told to whoever sees it
    )
    can_take_other_serials = fields.Boolean(
        compute="_compute_other_serial_message", compute_sudo=True
    )

    @api.depends("line_ids.instead_move_ids.state", "line_ids.lot_ids")
    def _compute_other_serial_message(self):
        for rma in self:
            moves = rma.line_ids.instead_move_ids._filter_set_aside()
            rma.other_serial_message = moves._get_other_serials_message()
            named = moves.filtered("sale_line_id").rma_instead_of_id
            rma.can_take_other_serials = rma.state in rma._get_states_allowing(
                "take_serials"
            ) and any(line._get_lots_to_come() for line in named)

    @api.model
    def _get_states_allowing(self, action):
        """Override: another serial is taken while the named one is waited for."""
        if action == "take_serials":
            return "accepted", "processing"
        return super()._get_states_allowing(action)

    def action_take_other_serials(self):
        """Take the serial numbers of the order that came for those that the returns name; the
        history tells it.

        :raise UserError: wrong state, or none came
        """
        self._start_action("take_serials")
        # sudo: the rights on the return were checked; transfers and lots are stock's (R9)
        bodies = self.sudo().line_ids._take_other_serials()
        if not bodies:
            raise UserError(
                self.env._(
                    "%(rmas)s: no other serial number of the order came.",
                    rmas=", ".join(self.mapped("name")),
                )
            )
        taking = self.browse(bodies)
        # sudo: what was done is told in the history, whoever did it
        taking.sudo()._log_history("state", bodies)
        taking.sudo()._on_goods_received()
        return True

    def _check_serials_awaited(self, moves):
        """Nothing is received for what another serial number was written for at the dock.

        :param moves: planned `stock.move`s that are received now
        :raise UserError: naming serial, receipt and what to do
        """
        for move_line, (item, _is_foreign) in moves._get_other_serials().items():
            raise UserError(
                self.env._(
                    "%(product)s: %(receipt)s says that %(lot)s came, which is not what %(rma)s "
                    "waits for. Validate %(receipt)s, so that it is set aside, or correct the "
                    "serial number there.",
                    product=move_line.product_id.display_name,
                    receipt=move_line.picking_id.name,
                    lot=move_line.lot_id.name or move_line.lot_name,
                    rma=item.rma_id.name,
                )
            )
