from odoo import models
from odoo.fields import Domain

from ..tools.read_ahead import get_names_ahead


def _get_unread(records):
    """Return the ids of those whose moves nobody has asked for yet."""
    return set(records._ids).difference(records._fields["move_ids"]._get_cache(records.env))


class SaleRma(models.Model):
    """What every step of a return asks for, read in a few questions."""

    _inherit = "sale.rma"

    def _read_together(self):
        """Have the orders' lines, what is returned of them and the goods' moves read by their
        lists: whoever asks for one of them first would read it alone, its neighbours after it."""
        # sudo: nothing gets out
        sold = self.sudo().order_id.order_line
        items = sold.rma_line_ids
        sold._read_moves_of(items)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _read_moves_of(self, items):
        """Have the moves of sold lines and of what is returned of them read with one question.

        :param items: `sale.rma.line`s
        """
        if not any(map(_get_unread, (self, items))):
            return
        moves = self.env["stock.move"]
        names = get_names_ahead(moves, ["sale_line_id"], ("sale_line_id",))
        moves = moves.search_fetch(
            Domain("sale_line_id", "in", self.ids) | Domain("rma_line_id", "in", items.ids), names
        )
        for records, name in ((self, "sale_line_id"), (items, "rma_line_id")):
            ids = {record: moves.browse() for record in records} | moves.grouped(name)
            field = records._fields["move_ids"]
            field._insert_cache(records, [ids[record]._ids for record in records])
        moves._read_to_count()
