from odoo.tests import HttpCase, tagged

from .common import SaleRmaCommon


@tagged("post_install", "-at_install")
class TestTourBulk(SaleRmaCommon, HttpCase):
    """Many returns at once, in a browser."""

    def test_accept_those_selected_in_the_list(self):
        salesman = self._make_user("bulk_salesman", "sales_team.group_sale_salesman")
        rmas = self.env["sale.rma"]
        for _index in range(3):
            order = self._create_sold((self.shirt, 1), user_id=salesman.id)
            rmas |= self._create_rma(order, state="requested")
        rmas[2].action_cancel("By mistake")

        action = self.env.ref("sale_rma.sale_rma_action")
        self.start_tour(f"/odoo/action-{action.id}", "sale_rma_bulk", login=salesman.login)

        self.assertEqual(rmas.mapped("state"), ["accepted", "accepted", "cancel"])
        job = self.env["sale.rma.job"].search([("user_id", "=", salesman.id)])
        self.assertEqual((job.state, job.done_count, job.problem_count), ("done", 2, 1))
