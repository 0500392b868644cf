from odoo import models


class SaleOrder(models.Model):
    """Points, next-order coupons and gift cards that an order gave: what came back earns none."""

    _inherit = "sale.order"

    def _get_programs_earned(self):
        """Return {program: the order's points on cards}, of programs whose points are for later
        orders: points cards, next-order coupons, gift cards and eWallets that were bought."""
        self.ensure_one()
        earned = self.coupon_point_ids.filtered(
            lambda given: given.points > 0 and given.coupon_id.program_id.applies_on != "current"
        )
        by_program = earned.grouped(lambda given: given.coupon_id.program_id)
        take_back = self.company_id.rma_take_back_points
        return {
            program: given
            for program, given in by_program.items()
            if take_back or program._is_bought()
        }

    def _get_points_due_back(self, program, earned):
        """Return the points that what was credited by returns had earned: in proportion where they
        were given by amount or by unit; all of them as soon as the rest would not earn any."""
        self.ensure_one()
        lines = self._get_earning_lines(program)
        total = sum(line.price_total for line in lines)
        left = sum(line.price_total * (1 - line._get_part_given_back()) for line in lines)
        units = sum(line.product_uom_qty * (1 - line._get_part_given_back()) for line in lines)
        issued = sum(earned.mapped("points"))
        if not total or self.currency_id.compare_amounts(left, total) >= 0:
            return 0.0
        rules = program.rule_ids
        still_earns = self.currency_id.compare_amounts(left, 0.0) > 0 and any(
            left >= rule.minimum_amount and units >= rule.minimum_qty for rule in rules
        )
        if not still_earns and not program._is_bought():
            return issued
        if program._is_bought() or set(rules.mapped("reward_point_mode")) & {"money", "unit"}:
            return issued * (1 - left / total)
        return 0.0

    def _get_earning_lines(self, program):
        """Return the lines that earned points of a program: what gift cards are bought with, else
        what the program's rules are for."""
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and line.price_total > 0
                and not line.reward_id
                and not line._is_delivery()
            )
        )
        if program._is_bought():
            return lines.filtered(lambda line: line.product_id in program.trigger_product_ids)
        products = lines.product_id
        valid = products.browse()
        for rule in program.rule_ids:
            valid |= products.filtered_domain(rule._get_valid_product_domain())
        return lines.filtered(lambda line: line.product_id in valid) or lines
