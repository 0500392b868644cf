import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary, formatSelection } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A returned item to read, in one cell: its name, below it why it comes back, what the customer
 * wishes, what was paid for a piece, what the customer wrote, and what the desk found.
 */
export class ItemField extends Component {
    static template = "sale_rma.ItemField";
    static props = { ...standardFieldProps };

    get name() {
        return this.props.record.data[this.props.name]?.display_name;
    }

    get details() {
        const { data, fields } = this.props.record;
        return [
            data.reason_id?.display_name,
            data.resolution && formatSelection(data.resolution, { field: fields.resolution }),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    get price() {
        const { price_paid, currency_id } = this.props.record.data;
        return price_paid
            ? _t("%s each", formatMonetary(price_paid, { currencyId: currency_id?.id }))
            : "";
    }
}

registry.category("fields").add("sale_rma_item", {
    component: ItemField,
    supportedTypes: ["many2one"],
    relatedFields: [{ name: "display_name", type: "char" }],
});
