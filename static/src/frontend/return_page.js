import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Pages of ours say what was done, or what is wrong, where one looks: there is the focus when the
 * page opens. Without this the address leads there.
 */
export class ReturnAnswer extends Interaction {
    static selector = "#return_notice, .o_portal_return #rma_errors, .o_rma_narrow #rma_errors";

    start() {
        if (!this.el.classList.contains("d-none")) {
            this.el.focus();
            this.el.scrollIntoView({ block: "center" });
        }
    }
}

registry.category("public.interactions").add("sale_rma.return_answer", ReturnAnswer);
