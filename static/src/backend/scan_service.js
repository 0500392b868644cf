import { registry } from "@web/core/registry";

/** What a return's reference looks like, with and without separators. */
const REFERENCE = /^\s*[A-Z]+\W*\d{4}\W*\d{5,}\W*[0-9A-Z]\s*$/i;
/** Models whose screens open what is scanned. */
const OURS = /^sale\.rma(\.(inquiry|job|withdrawal|report|repayment))?$/;

/**
 * On every screen of returns a scan opens the return. In the search box, where the cursor is when
 * a list opens, so does a whole reference with enter; all else is searched as ever.
 */
export const scanService = {
    dependencies: ["action", "barcode", "orm"],
    start(env, { action, barcode, orm }) {
        const isOurs = () =>
            OURS.test(action.currentController?.action?.res_model || "") &&
            !document.querySelector(".modal");
        const open = async (code) =>
            action.doAction(await orm.call("sale.rma", "open_scanned", [code]));

        // before the search box sees the key
        document.addEventListener(
            "keydown",
            (ev) => {
                const input = ev.target;
                if (
                    ev.key !== "Enter" ||
                    !input.matches?.(".o_searchview_input") ||
                    !REFERENCE.test(input.value) ||
                    !isOurs()
                ) {
                    return;
                }
                ev.preventDefault();
                ev.stopPropagation();
                const code = input.value;
                input.value = "";
                input.dispatchEvent(new InputEvent("input", { bubbles: true }));
                open(code);
            },
            { capture: true }
        );
        barcode.bus.addEventListener("barcode_scanned", ({ detail }) => {
            if (isOurs()) {
                open(detail.barcode);
            }
        });
    },
};

registry.category("services").add("sale_rma_scan", scanService);
