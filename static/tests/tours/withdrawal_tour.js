import { registry } from "@web/core/registry";

import { see, tap, tellClock } from "./portal_helpers";

const tours = registry.category("web_tour.tours");

/** From any page: part of an order, with a login. */
tours.add("sale_rma_withdrawal_part", {
    steps: () => [
        tap("The link in the footer", ".o_rma_withdrawal_footer a", { expectUnloadPage: true }),
        tap("This order", "#withdrawal_own_orders a:contains(TOUR-WITHDRAW)", {
            expectUnloadPage: true,
        }),
        see("The customer is known", "#withdrawal_customer_name:value(Anna Martin)"),
        see("Items are not asked for yet", "body:has(#withdrawal_items:not(:visible))"),
        tap("Only some items", "label[for=withdrawal_scope_items]"),
        tap("The mug", "#withdrawal_items label:contains(Mug)"),
        tap("Continue", "#withdrawal_continue", { expectUnloadPage: true }),
        see("The statement names it", "#withdrawal_statement:contains(2 × Mug)"),
        see("Nothing else can be pressed", "body:not(:has(main a)):not(:has(footer))"),
        tap("Confirm withdrawal", "#withdrawal_confirm", { expectUnloadPage: true }),
        see("It has reached the shop", "#withdrawal_received"),
        see("The return is there", "#withdrawal_follow"),
        tellClock("withdrawal of part of an order, with a login", { taps: 6 }),
    ],
});
