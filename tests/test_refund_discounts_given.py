from odoo import Command
from odoo.tests import tagged

from .common_money import SaleRmaMoneyCommon


@tagged("post_install", "-at_install")
class TestRefundDiscountsGiven(SaleRmaMoneyCommon):
    """R2, issue 14.7: discounts are shared as they were given, not as they would be today. A shoe
    at 100 with 20 % off shoes and a sock at 50: 130 paid, 80 for the shoe and 50 for the sock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_tax = cls.env["account.tax"]
        cls.shoes, cls.clearance = cls.env["product.category"].create(
            [{"name": "Shoes"}, {"name": "Clearance"}]
        )
        cls.tag = cls.env["product.tag"].create({"name": "On offer"})
        cls.shoe = cls._make_product("Shoe", 100.0)
        cls.sock = cls._make_product("Sock", 50.0)
        cls.shoe.write({"categ_id": cls.shoes.id, "product_tag_ids": [Command.set(cls.tag.ids)]})

    def _off_shoes(self, **reward):
        return self._make_program(
            **{
                "discount": 20,
                "discount_applicability": "specific",
                "discount_product_category_id": self.shoes.id,
                **reward,
            }
        )

    def _draft(self, shoes=1, **values):
        return self._create_draft_order(
            self._line(self.shoe, shoes, 100.0, self.no_tax),
            self._line(self.sock, 1, 50.0, self.no_tax),
            **values,
        )

    def _sold(self, program=None):
        program = program or self._off_shoes()
        order = self._sell(self._claim(self._draft(), program))
        # the program is archived by now, and its rewards with it
        return order, program.with_context(active_test=False)

    def _check(self, order, **amounts):
        """Each product comes back for its amount; then all that was invoiced was given back."""
        for name, amount in amounts.items():
            product = self.shoe if name.startswith("shoe") else self.sock
            with self.subTest(item=name):
                self.assertTotal(self._return(order, {product: 1}), amount)
        self.assertClosed(order)

    def test_r2_shoe_that_moves_to_another_category_costs_what_was_paid(self):
        order, _program = self._sold()
        self.shoe.categ_id = self.clearance
        self._check(order, sock=50, shoe=80)

    def test_r2_one_back_before_the_move_and_one_after_are_what_was_paid(self):
        order, _program = self._sold()
        self.assertTotal(self._return(order, {self.shoe: 1}), 80)
        self.shoe.categ_id = self.clearance
        self._check(order, sock=50)

    def test_r2_promotion_changed_after_the_sale_changes_nothing(self):
        socks = [Command.set(self.sock.ids)]
        for name, change in (
            ("percentage", {"discount": 50}),
            ("products", {"discount_product_category_id": False, "discount_product_ids": socks}),
            ("tag", {"discount_product_tag_id": self.tag.id, "discount_product_ids": socks}),
            ("all", {"discount_applicability": "order"}),
            ("cheapest", {"discount_applicability": "cheapest"}),
            ("amount", {"discount_mode": "per_order", "discount": 3}),
            ("limit", {"discount_max_amount": 1}),
            ("shipping", {"reward_type": "shipping"}),
        ):
            with self.subTest(changed=name):
                order, program = self._sold()
                program.reward_ids.write(change)
                self._check(order, sock=50, shoe=80)

    def test_r2_product_changed_after_the_sale_changes_nothing(self):
        program = self._off_shoes(
            discount_product_category_id=False, discount_product_tag_id=self.tag.id
        )
        order, _program = self._sold(program)
        program.rule_ids.minimum_amount = 1000
        program.active = False
        self.shoe.product_tag_ids = False
        self.sock.product_tag_ids = self.tag
        self.shoe.lst_price, self.sock.lst_price = 1.0, 900.0
        self.shoe.active = False
        self._check(order, sock=50, shoe=80)

    def test_r2_limit_of_the_discount_is_the_one_of_then(self):
        """20 % of 100, but 10 at most: 140 paid."""
        order, program = self._sold(self._off_shoes(discount_max_amount=10))
        program.reward_ids.discount_max_amount = 0
        self._check(order, sock=50, shoe=90)

    def test_r2_cheapest_is_the_one_of_then(self):
        """The sock was free: a pen added later is cheaper and was paid for."""
        program = self._make_program(discount=100, discount_applicability="cheapest")
        order = self._claim(self._draft(), program)
        order.action_confirm()
        program.active = False
        self._add(order, self.mug, 5.0)
        self._sell_on(order)
        self.assertTotal(self._return(order, {self.mug: 1}), 5)
        self._check(order, sock=0, shoe=100)

    def _add(self, order, product, price):
        order.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 1,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                }
            )
        ]

    def _sell_on(self, order):
        self._deliver(order)
        self._invoice(order)

    def test_r2_line_added_to_the_confirmed_order_has_no_share(self):
        """15 off the 150 of then; the mug at 30 was added later and is no part of it."""
        everything = {"discount": 10, "discount_applicability": "order"}
        for name, apply in (
            ("promotion", lambda so: self._claim(so, self._make_program(**everything))),
            ("global", lambda so: self._discount(so, percent=10)),
            ("by hand", lambda so: self._type_discount(so, -15.0)),
        ):
            with self.subTest(discount=name):
                order = apply(self._draft())
                order.action_confirm()
                self._add(order, self.mug, 30.0)
                self._sell_on(order)
                self.assertTotal(self._return(order, {self.mug: 1}), 30)
                self._check(order, sock=45, shoe=90)

    def _type_discount(self, order, price):
        """A line typed by hand, with the product that global discounts have."""
        company = self.company
        if not company.sale_discount_product_id:
            company.sale_discount_product_id = self._make_product(
                "Discount", 0.0, "order", type="service", is_storable=False
            )
        self._add(order, company.sale_discount_product_id, price)
        return order

    def test_r2_discount_product_changed_after_the_sale_changes_nothing(self):
        order = self._sell(self._type_discount(self._draft(), -15.0))
        self.company.sale_discount_product_id = self._make_product("Rebate", 0.0, type="service")
        self._check(order, sock=45, shoe=90)

    def test_r2_discount_typed_before_the_goods_is_on_all_that_was_confirmed(self):
        order = self._create_draft_order((self.shoe, 0))
        self._type_discount(order, -15.0)
        self.assertFalse(order.order_line[1:].rma_discount_shares)
        order.order_line[:1].unlink()
        self._add(order, self.shoe, 100.0)
        self._add(order, self.sock, 50.0)
        self._sell(order)
        self._check(order, sock=45, shoe=90)

    def test_r2_units_added_later_have_no_share(self):
        """20 off one shoe; a second one is added at 100: 230 paid. The first back is the one with
        the discount."""
        order = self._claim(self._draft(), self._off_shoes())
        order.action_confirm()
        order.order_line[0].product_uom_qty = 2
        self._sell_on(order)
        self._check(order, shoe=80, sock=50, shoe_2=100)

    def test_r2_units_taken_off_later_leave_their_share_to_the_others(self):
        """60 typed off four shoes and a sock, 53.33 of it for the shoes: 13.33 each and 6.67 for
        the sock. Two shoes are taken off the order: 26.67 to 6.67 is four to one, 48 and 12."""
        order = self._type_discount(self._draft(shoes=4), -60.0)
        order.action_confirm()
        order.order_line[0].product_uom_qty = 2
        self._sell_on(order)
        self._check(order, shoe=76, sock=38, shoe_2=76)

    def test_r2_taxes_changed_later_move_no_discount(self):
        """10 % off each: Odoo makes a line for each tax; then both lines have the same."""
        order = self._create_draft_order(
            self._line(self.shoe, 1, 100.0, self.tax_19),
            self._line(self.sock, 1, 50.0, self.no_tax),
        )
        program = self._make_program(discount=10, discount_applicability="order")
        self._claim(order, program).action_confirm()
        order.order_line[1].tax_ids = self.tax_19
        self._sell_on(order)
        # the line of 5.00 off the sock has no tax, as it was given
        self._check(order, sock=54.5, shoe=107.1)

    def test_r2_discount_of_all_is_shared_by_what_the_one_of_shoes_left(self):
        """100 less 20 % less 10 % is 72, 50 less 10 % is 45."""
        order = self._claim(self._draft(), self._off_shoes())
        order = self._claim(order, self._make_program(discount=10, discount_applicability="order"))
        self.assertEqual(order.amount_total, 117)
        self._sell(order)
        self._check(order, sock=45, shoe=72)

    def test_r2_card_paid_for_what_was_there_then(self):
        """It paid 75 of 150; the mug at 30 came later and was paid in money."""
        card = self._make_card(75.0)
        order = self._claim(self._draft(), card.program_id, card)
        order.action_confirm()
        self._add(order, self.mug, 30.0)
        self._sell_on(order)
        self.assertTotal(self._return(order, {self.mug: 1}), 30)
        self._check(order, sock=25, shoe=50)
        self.assertEqual(card.points, 75)

    def test_r2_free_shipping_is_off_the_shipping_whatever_becomes_of_the_reward(self):
        order = self._draft(shipping=9.0)
        program = self._make_program(reward_type="shipping")
        self._sell(self._claim(order, program))
        reward = program.with_context(active_test=False).reward_ids
        reward.write({"reward_type": "discount", "discount_applicability": "order"})
        self._return(order, {self.sock: 1})
        self.assertAlmostEqual(order.rma_ids.amount_refunded, 50, 2)

    def test_r2_combo_items_keep_their_share(self):
        """20 % off the combo of shoe and sock at 90: 72 paid; the combo leaves the promotion."""
        combo = self._make_combo("Set", 90.0, self.shoe, self.sock)
        combo.taxes_id = (self.shoe | self.sock).taxes_id = False
        order = self._create_draft_order((combo, 1), self._line(self.mug, 1, 8.0, self.no_tax))
        self._add_combo_items(order)
        combos = [Command.set(combo.ids)]
        program = self._off_shoes(discount_product_category_id=False, discount_product_ids=combos)
        self._sell(self._claim(order, program))
        self.assertAlmostEqual(order.amount_total, 80, 2)
        program.with_context(active_test=False).reward_ids.discount_product_ids = self.mug
        self.assertTotal(self._return(order, {self.mug: 1}), 8)
        self._return(order)
        self.assertClosed(order)

    def test_r2_copied_order_has_shares_of_its_own(self):
        order = self._discount(self._draft(), percent=10)
        copy = order.copy()
        shares = copy.order_line.filtered("rma_discount_shares").rma_discount_shares
        goods = copy.order_line.filtered(lambda line: line.product_id in self.shoe | self.sock)
        self.assertEqual(set(shares), {str(line_id) for line_id in goods.ids})
        self._sell(copy)
        self._check(copy, sock=45, shoe=90)

    def test_r2_lines_deleted_before_the_sale_leave_the_discount_to_the_others(self):
        order = self._discount(self._draft(), amount=15)
        order.order_line[0].unlink()
        self._sell(order)
        self._check(order, sock=35)

    def test_r2_discount_whose_lines_are_all_gone_is_on_what_there_is(self):
        order = self._discount(self._draft(), amount=15)
        order.order_line[:2].unlink()
        self._add(order, self.sock, 50.0)
        self._sell(order)
        self._check(order, sock=35)

    def test_r2_order_from_before_is_read_at_its_first_return_and_kept(self):
        order, _program = self._sold()
        discount = order.order_line.filtered("reward_id")
        discount.rma_discount_shares = False
        self.assertTotal(self._return(order, {self.shoe: 1}), 80)
        self.assertTrue(discount.rma_discount_shares)
        self.shoe.categ_id = self.clearance
        self._check(order, sock=50)

    def test_r2_shares_are_the_servers_to_write(self):
        order, _program = self._sold()
        seller = self._make_user("seller", "sales_team.group_sale_salesman_all_leads")
        discount = order.order_line.filtered("reward_id").with_user(seller)
        kept = discount.rma_discount_shares
        discount.write({"rma_discount_shares": {str(order.order_line[1].id): [20.0, 1.0]}})
        self.assertEqual(discount.rma_discount_shares, kept)
