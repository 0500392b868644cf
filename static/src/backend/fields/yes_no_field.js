import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A boolean chosen as a word, Yes or No.
 */
export class YesNoField extends Component {
    static template = "sale_rma.YesNoField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name] ? "yes" : "no";
    }

    get label() {
        return this.value === "yes" ? _t("Yes") : _t("No");
    }

    onChange(ev) {
        this.props.record.update({ [this.props.name]: ev.target.value === "yes" });
    }
}

registry.category("fields").add("sale_rma_yes_no", {
    component: YesNoField,
    displayName: _t("Yes/No"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
});
