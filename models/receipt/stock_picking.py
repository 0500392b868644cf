from odoo import api, fields, models

from ...tools.context_marks import OURS


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "sale.rma.protected"]

    rma_id = fields.Many2one(
        comodel_name="sale.rma",
        string="Customer Return",
        index="btree_not_null",
        ondelete="set null",  # returns with done receipts are kept by sale.rma
        check_company=True,
    )
    rma_serial_message = fields.Char(
        compute="_compute_rma_serial_message",
        compute_sudo=True,  # references only, told to whoever receives (R9)
        help="What came instead of what a return waits for.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_ids.rma_instead_of_id", "move_ids.rma_line_id", "move_ids.state")
    def _compute_rma_serial_message(self):
        for picking in self:
            picking.rma_serial_message = picking.move_ids._get_other_serials_message()

    # === WHERE GOODS ARRIVE === #

    def _is_rma_receipt(self):
        """Whether the transfer is to bring goods of a return."""
        self.ensure_one()
        return bool(
            self.rma_id
            and self.state not in ("done", "cancel")
            and self.location_id._is_with_customer()
        )

    @api.depends("rma_id")
    def _compute_location_id(self):
        """Override of `stock`, which forgets where goods go when the contact or the type of the
        operation is edited: those of a return arrive in Returns."""
        receipts = self.filtered(lambda picking: picking._is_rma_receipt())
        for picking in receipts:
            picking.location_dest_id = picking._get_rma_destination(picking.location_dest_id)
        return super(StockPicking, self - receipts)._compute_location_id()

    def _get_rma_destination(self, current):
        """Return where goods of a return arrive: where they were to, or the Returns location of
        another warehouse that the operation now belongs to."""
        self.ensure_one()
        returns = self.picking_type_id.warehouse_id.rma_location_id
        return returns if returns and current.warehouse_id != returns.warehouse_id else current

    def write(self, vals):
        """Override of `stock`, which has goods come from and go to where the type of operation
        says: what comes from a customer does so still, and goes to Returns unless somebody chose
        another place for a line."""
        receipts = self.browse()
        if vals.get("picking_type_id"):
            receipts = self.filtered(lambda picking: picking._is_rma_receipt())
        places = {picking: (picking.location_id, picking.location_dest_id) for picking in receipts}
        if not places:
            return super().write(vals)
        held = receipts.with_context(rma_holds_place=OURS)
        result = super(StockPicking, held).write(dict(vals))
        super(StockPicking, self - receipts).write(dict(vals))
        for picking, (source, planned) in places.items():
            picking._hold_place(source, planned)
        return result

    def _hold_place(self, source, planned):
        """Have goods of a return come from and go to where they did before the type of the
        operation changed, or to Returns of its warehouse. What was chosen for a line stays."""
        destination = self._get_rma_destination(planned)
        self.with_context(rma_holds_place=OURS).write(
            {"location_id": source.id, "location_dest_id": destination.id}
        )
        if destination == planned:
            return
        moves = self.move_ids.filtered(lambda move: move.location_dest_id == planned)
        chosen = {
            line: line.location_dest_id
            for line in moves.move_line_ids
            if not line.location_dest_id._child_of(planned)
        }
        moves.location_dest_id = destination
        for line, place in chosen.items():
            line.location_dest_id = place

    # === ARRIVAL === #

    def button_validate(self):
        """Override of `stock`: who validates and who processes the return take the same locks
        first, so that they never wait for each other.

        :raise LockError: somebody is working on the return at this moment
        """
        # a stock user receives without any right on returns (R9)
        self.sudo()._lock_returns()
        return super().button_validate()

    def _lock_returns(self):
        """Lock the returns and orders whose goods these transfers bring back, if any: what is
        told there of the customer's goods stays true until this is done (R1)."""
        moves = self.move_ids.filtered(lambda move: move.location_id._is_with_customer())
        sold = moves.sale_line_id | moves.origin_returned_move_id.sale_line_id
        if sold:
            waiting = sold._get_waiting_rma_lines().rma_id
            (self.rma_id | waiting)._lock(sold.order_id)
        elif self.rma_id:
            self.rma_id._lock()

    def _follow_rma_lines(self):
        """A transfer that is one return's as a whole belongs to it."""
        for picking in self:
            arrived = picking.move_ids.filtered(lambda move: move._is_back_from_customer())
            rmas = arrived.rma_line_id.rma_id
            is_whole = len(rmas) == 1 and all(move.rma_line_id for move in arrived)
            if arrived and (is_whole or picking.rma_id not in rmas):
                picking.rma_id = is_whole and rmas

    def action_view_rma(self):
        """Open the return this transfer belongs to.

        :raise AccessError: it is a colleague's
        """
        self.ensure_one()
        self.rma_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.rma",
            "res_id": self.rma_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
