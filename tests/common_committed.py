"""Data that is really committed, for what only several sessions can show; removed afterwards."""

from contextlib import contextmanager

from psycopg2.errors import IntegrityError

from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

ADMIN = "base.user_admin"


class CommittedCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls._mark_tables()
        cls.addClassCleanup(cls._remove_what_was_committed)
        with cls._open_session() as env:
            cls.customer_id = env["res.partner"].create({"name": "Two Clicks"}).id
            cls.product_id = (
                env["product.product"]
                .create(
                    {
                        "name": "Contested",
                        "type": "consu",
                        "is_storable": True,
                        "list_price": 10.0,
                        "invoice_policy": "delivery",
                    }
                )
                .id
            )

    # === SESSIONS === #

    @classmethod
    @contextmanager
    def _open_session(cls):
        """A session of its own; what it does is committed at the end."""
        with cls.registry.cursor() as cr:
            env = Environment(cr, 1, {})
            yield Environment(cr, env.ref(ADMIN).id, {})

    # === WORLD === #

    def _create_order(self, env, ordered=1, delivered=1):
        order = env["sale.order"].create(
            {
                "partner_id": self.customer_id,
                "order_line": [
                    Command.create({"product_id": self.product_id, "product_uom_qty": ordered})
                ],
            }
        )
        order.action_confirm()
        self._deliver(order, delivered)
        order._create_invoices().action_post()
        return order

    def _deliver(self, order, quantity):
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking._action_done()

    def _create_rma(self, env, order, state="draft"):
        lines = [{"sale_line_id": order.order_line.id, "quantity": 1}]
        rma = env["sale.rma"].browse(env["sale.rma"].create_for_order(order.id, lines))
        if state == "accepted":
            rma.action_accept()
        return rma

    def _count_effects(self, rma):
        """Return how often something was received, credited and sent instead."""
        return (
            rma.line_ids.qty_received,
            rma.line_ids.qty_refunded,
            len(rma.picking_ids.filtered(lambda picking: picking.state == "done")),
            len(rma.refund_ids),
        )

    # === CLEANING UP === #

    @classmethod
    def _mark_tables(cls):
        """Remember the last row of each table: what comes later is this class's."""
        with cls._open_session() as env:
            tables = env.execute_query(
                SQL(
                    """
                    SELECT table_name FROM information_schema.columns
                      JOIN information_schema.tables USING (table_schema, table_name)
                     WHERE table_schema = current_schema AND table_type = 'BASE TABLE'
                       AND column_name = 'id' AND data_type = 'integer'
                    """
                )
            )
            cls.marks = {
                table: env.execute_query(
                    SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
                )[0][0]
                for (table,) in tables
            }

    @classmethod
    def _remove_what_was_committed(cls):
        """Delete the rows made since, those that others refer to in a later round."""
        with cls._open_session() as env, mute_logger("odoo.sql_db"):
            tables = set(cls.marks)
            while tables:
                stuck = {table for table in tables if not cls._delete_new_rows(env.cr, table)}
                if stuck == tables:
                    raise AssertionError(f"Rows were left behind in {sorted(stuck)}")
                tables = stuck

    @classmethod
    def _delete_new_rows(cls, cr, table):
        savepoint = cr.savepoint(flush=False)
        try:
            cr.execute(SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), cls.marks[table]))
        except IntegrityError:
            savepoint.close(rollback=True)
            return False
        savepoint.close(rollback=False)
        return True
