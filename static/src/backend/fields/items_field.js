import { onMounted } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * Items to fill in: the cursor is in the first row when a new document opens, or always.
 *
 * Options: `focus`, the column; `always`, also in a document that was there before.
 */
export class ItemsField extends X2ManyField {
    static props = {
        ...X2ManyField.props,
        focus: { type: String, optional: true },
        always: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.ui = useService("ui");
        onMounted(() => {
            const { focus, always, readonly, record } = this.props;
            if (!focus || readonly || this.ui.isSmall || !(always || record.isNew)) {
                return;
            }
            // once the dialog or the page around it has put the focus where it does
            setTimeout(() => {
                const fields = document.querySelectorAll(`div[name="${this.props.name}"]`);
                const field = fields[fields.length - 1];
                if (!field?.querySelector(".o_selected_row")) {
                    // nobody was faster
                    field?.querySelector(`.o_data_row td[name="${focus}"]`)?.click();
                }
            }, 100);
        });
    }
}

registry.category("fields").add("sale_rma_items", {
    ...x2ManyField,
    component: ItemsField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...x2ManyField.extractProps(fieldInfo, dynamicInfo),
        focus: fieldInfo.options.focus,
        always: Boolean(fieldInfo.options.always),
    }),
});
