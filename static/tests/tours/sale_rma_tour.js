import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const ITEMS = ".o_sale_rma_lines";
const SCREEN = ".modal .o_sale_rma_process";
const CLOSED = "body:not(:has(.modal)):not(:has(.o_blockUI))";

function item(list, product, field) {
    return `${list} .o_data_row:contains("${product}") td[name="${field}"]`;
}

/** Type into a cell of an editable list. */
function fill(list, product, field, value) {
    return [
        { content: `Go to ${field} of ${product}`, trigger: item(list, product, field), run: "click" },
        {
            content: `Type ${value}`,
            // of this product: the row before stays open until it has answered, and would
            // swallow what is typed
            trigger: `${list} .o_selected_row:contains("${product}") td[name="${field}"] input`,
            run: `edit ${value}`,
        },
    ];
}

/** Choose in a many2one. */
function choose(field, value) {
    return [
        {
            content: `Search ${value}`,
            trigger: `${field} input`,
            run: `edit ${value}`,
        },
        {
            content: `Choose ${value}`,
            trigger: `.o-autocomplete--dropdown-menu li:contains("${value}") a`,
            run: "click",
        },
    ];
}

function press(name, label = name) {
    return [
        {
            content: `Press ${label}`,
            trigger: `.o_form_view .o_form_statusbar button[name="${name}"]:visible`,
            run: "click",
        },
    ];
}

function waitState(state) {
    return [
        {
            content: `The state is ${state}`,
            trigger: `.o_form_statusbar .o_arrow_button_current[data-value="${state}"]`,
        },
    ];
}

/** From the form of an order: its RMA tab, and a return of one piece of a product. */
function createFromOrder(product) {
    return [
        { content: "Open the RMA tab", trigger: '.nav-link[name="rma"]', run: "click" },
        {
            content: "Create a return",
            trigger: 'button[name="action_create_rma"]:visible',
            run: "click",
        },
        {
            content: "The lines of the order are there, at zero",
            trigger: `${item(ITEMS, product, "quantity")}:contains("0")`,
        },
        ...fill(ITEMS, product, "quantity", "1"),
        ...stepUtils.saveForm(),
        {
            content: "Only the line that was filled in stays",
            trigger: `${ITEMS}:not(:has(.o_data_row ~ .o_data_row))`,
        },
    ];
}

registry.category("web_tour.tours").add("sale_rma_process", {
    steps: () => [
        // from the order
        ...createFromOrder("Gift box"),
        ...waitState("draft"),

        // from the list
        {
            content: "Go to the menu Orders",
            trigger: 'button[data-menu-xmlid="sale.sale_order_menu"]',
            run: "click",
        },
        {
            content: "Open Customer Returns",
            trigger: 'a[data-menu-xmlid="sale_rma.sale_rma_menu"]',
            run: "click",
        },
        {
            content: "Create a return for an order",
            trigger: '.o_list_view .o_control_panel button:contains("Create return for an order")',
            run: "click",
        },
        ...choose('.modal div[name="order_id"]', "TOUR-1"),
        {
            content: "Create the return",
            trigger: '.modal button[name="action_create"]',
            run: "click",
        },
        ...fill(ITEMS, "Linen shirt", "quantity", "2"),
        ...choose(`${ITEMS} .o_selected_row td[name="reason_id"]`, "Wrong size"),
        ...fill(ITEMS, "Mug, white", "quantity", "1"),
        ...choose(`${ITEMS} .o_selected_row td[name="reason_id"]`, "Not as described"),
        ...stepUtils.saveForm(),
        {
            content: "The gift box fell away",
            trigger: `${ITEMS}:not(:contains("Gift box")):contains("Mug, white")`,
        },
        {
            content: "The return has its reference",
            trigger: '.oe_title div[name="name"]:contains("RMA/")',
        },

        // request, accept, print
        ...press("action_request"),
        ...waitState("requested"),
        ...press("action_accept"),
        ...waitState("accepted"),
        ...press("action_print"),
        { content: "The slip was made", trigger: CLOSED },

        // process
        ...press("action_process"),
        {
            content: "Everything asked for is proposed",
            trigger: `${item(SCREEN, "Mug, white", "qty_received")}:contains("1")`,
        },
        {
            content: "The cursor is in the first quantity",
            trigger: `${SCREEN} .o_selected_row:contains("Linen shirt") td[name="qty_received"] input:focus`,
        },
        ...fill(SCREEN, "Mug, white", "qty_restock", "0"),
        {
            content: "Tick exchange",
            trigger: `${SCREEN} .o_selected_row td[name="exchange"] input`,
            run: "click",
        },
        {
            content: "The same again is proposed",
            trigger: `${SCREEN} .o_selected_row td[name="exchange_product_id"] input:value("Mug, white")`,
        },
        ...choose(`${SCREEN} .o_selected_row td[name="exchange_product_id"]`, "Mug, red"),
        {
            content: "Refund the shipping",
            trigger: `${SCREEN} div[name="refund_shipping"] select`,
            run: "select yes",
        },
        {
            content: "Keep a fee",
            trigger: `${SCREEN} div[name="amount_fee"] input`,
            run: "edit 5 && press Tab",
        },
        {
            content: "Take something off",
            trigger: `${SCREEN} div[name="amount_adjustment"] input`,
            run: "edit -2.5 && press Tab",
        },
        ...choose(`${SCREEN} div[name="exchange_carrier_id"]`, "Local Delivery"),
        {
            content: "The total follows: 74.52 + 10.35 + 8.40 - 5 - 2.50",
            trigger: `${SCREEN} div[name="amount_total"]:contains("85.77")`,
        },
        {
            content: "Complete the return",
            trigger: '.modal button[name="action_process"]',
            run: "click",
        },
        ...waitState("done"),
        {
            content: "It has its credit note",
            trigger: 'button[name="action_view_refunds"]:contains("1")',
        },
        {
            content: "It has its exchange order",
            trigger: 'button[name="action_view_exchange_orders"]:contains("1")',
        },
        { content: "Open the history", trigger: '.nav-link[name="history"]', run: "click" },
        {
            content: "The history tells the refund",
            trigger: '.o_sale_rma_history td[name="body"]:contains("85.77")',
        },
    ],
});

registry.category("web_tour.tours").add("sale_rma_process_salesperson", {
    steps: () => [
        ...createFromOrder("Shirt"),
        ...press("action_request"),
        ...waitState("requested"),
        ...press("action_accept"),
        ...waitState("accepted"),
        ...press("action_process"),
        {
            content: "What the customer paid is proposed",
            trigger: `${SCREEN} div[name="amount_total"]:contains("57.50")`,
        },
        {
            content: "Complete the return",
            trigger: '.modal button[name="action_process"]',
            run: "click",
        },
        ...waitState("done"),
        {
            content: "It has its credit note",
            trigger: 'button[name="action_view_refunds"]:contains("1")',
        },
    ],
});
