import { registry } from "@web/core/registry";

import { addPhoto, see, tap, tellClock, type } from "./portal_helpers";

const tours = registry.category("web_tour.tours");

const asked = [
    see("The page confirms it", ".o_rma_notice[data-notice=asked]"),
    see("And it is requested", ".o_rma_state_requested"),
];

/** From the order, with a login: one item back, with a photo. */
tours.add("sale_rma_portal_return", {
    steps: () => [
        tap("Return items", "a.o_return_items", { expectUnloadPage: true }),
        see("Nothing is chosen yet", ".o_rma_estimate:contains(Choose items)"),
        tap("This one", ".o_rma_line:contains(Shirt) .o_rma_line_label"),
        see("What they get back is there", ".o_rma_amount:contains(57.50)"),
        tap("It is damaged", ".o_rma_line:contains(Shirt) label.o_rma_pill:contains(Damaged)"),
        see("A photo is needed", ".o_rma_line:contains(Shirt) .o_rma_photo_optional:contains(needed)"),
        addPhoto("Its photo", ".o_rma_line:contains(Shirt) input[type=file]"),
        see("The photo is shown", ".o_rma_preview img[alt='camera.jpg']"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
        see("With its photo", ".o_rma_photos img"),
        tellClock("return with a photo, with a login", { taps: 6 }),
    ],
});

/** From the list of orders: one item back. */
tours.add("sale_rma_portal_orders", {
    steps: () => [
        tap("Return", "tr:contains(TOUR-ORDERS) a.o_return_row", { expectUnloadPage: true }),
        tap("This one", ".o_rma_line:contains(Shirt) .o_rma_line_label"),
        tap("Wrong size", ".o_rma_line:contains(Shirt) label.o_rma_pill:contains(Wrong size)"),
        see("What they get back is there", ".o_rma_amount:contains(57.50)"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
        tellClock("one item from the list of orders, with a login", { taps: 5 }),
    ],
});

/** Without an account: the link in the mail about the order. */
tours.add("sale_rma_portal_mail_link", {
    steps: () => [
        see("The only item is chosen", ".o_rma_pick:checked"),
        tap("Wrong size", "label.o_rma_pill:contains(Wrong size)"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
        tellClock("one item by the link in the order's mail, without an account", { taps: 3 }),
    ],
});

/** Without an account, first half: number and address. */
tours.add("sale_rma_portal_guest_link", {
    steps: () => [
        type("The order's number", "input[name=order_ref]", "TOUR-GUEST"),
        type("The address", "input[name=email]", "anna@example.com"),
        tap("Mail me the link", ".o_rma_guest button", { expectUnloadPage: true }),
        see("Look into your mail", "#rma_asked"),
        tellClock("a guest asks for the link", { taps: 3 }),
    ],
});

/** Without an account, second half: the page behind the mailed link. */
tours.add("sale_rma_portal_guest_return", {
    steps: () => [
        see("The only item is chosen", ".o_rma_pick:checked"),
        see("What they get back is there", ".o_rma_amount:contains(57.50)"),
        tap("It is damaged", "label.o_rma_pill:contains(Damaged)"),
        addPhoto("Its photo", "input[type=file]"),
        see("The photo is shown", ".o_rma_preview img"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
        tellClock("return with a photo, behind a guest's link", { taps: 3 }),
    ],
});

/** From the list of returns: one item for another size. */
tours.add("sale_rma_portal_exchange", {
    steps: () => [
        tap("New return", "a.o_return_new", { expectUnloadPage: true }),
        tap("This order", ".o_rma_order a:contains(TOUR-EXCHANGE)", { expectUnloadPage: true }),
        see("The only item is chosen", ".o_rma_pick:checked"),
        tap("Wrong size", "label.o_rma_pill:contains(Wrong size)"),
        tap("Exchange", "label.o_rma_pill:contains(Exchange)"),
        tap("For the M", ".o_rma_exchange label.o_rma_pill:contains(/^M\\b/)"),
        see("One is set against the other", ".o_rma_estimate:contains(What you get instead)"),
        see("Nothing is to be paid", ".o_rma_amount:contains(0.00)"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
        see("With the wish", "#return_items:contains(Exchange for)"),
        tellClock("exchange for another size, with a login", { taps: 6 }),
    ],
});

/** What is missing is said before anything is sent; another product is found by its name. */
tours.add("sale_rma_portal_missing", {
    steps: () => [
        tap("This one", ".o_rma_line:contains(Mug) .o_rma_line_label"),
        tap("One more", ".o_rma_line:contains(Mug) .o_rma_more"),
        see("Two are given back", ".o_rma_amount:contains(22.77)"),
        tap("Send", ".o_rma_send"),
        see("Why is missing", ".o_rma_line:contains(Mug) .o_rma_error:contains(Tell us why)"),
        tap("Another reason", ".o_rma_line:contains(Mug) label.o_rma_pill:contains(/^Other$/)"),
        see("Its error goes", ".o_rma_line:contains(Mug):not(:has(.o_rma_error:not(.d-none)))"),
        tap("Exchange", ".o_rma_line:contains(Mug) label.o_rma_pill:contains(Exchange)"),
        tap("Something else", ".o_rma_line:contains(Mug) label.o_rma_pill:contains(Another)"),
        tap("Send", ".o_rma_send"),
        see("The comment is missing", ".o_rma_error:not(.d-none):contains(describe what)"),
        see("The product is missing", ".o_rma_error:not(.d-none):contains(would like instead)"),
        type("Its name", ".o_rma_line:contains(Mug) input[type=search]", "zanzi"),
        see("It is found", ".o_rma_found .btn-check:checked ~ label:contains(Zanzibar teapot)"),
        type("The comment", ".o_rma_line:contains(Mug) textarea", "The handle came off"),
        tap("Send", ".o_rma_send", { expectUnloadPage: true }),
        ...asked,
    ],
});

/** The customer thinks better of it. */
tours.add("sale_rma_portal_cancel", {
    steps: () => [
        tap("Cancel this return", ".o_rma_cancel summary"),
        tap("Yes", ".o_rma_cancel button", { expectUnloadPage: true }),
        see("The page says so", ".o_rma_notice[data-notice=cancelled]"),
        see("And it is cancelled", ".o_rma_state_cancel"),
    ],
});
