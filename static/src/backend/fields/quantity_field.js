import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

/**
 * A quantity that says in words why it is closed, what the number typed means, or of how many.
 *
 * Options: `closed_field` and `hint_field`, text fields of the same record; `of_field`, a number.
 */
export class QuantityField extends FloatField {
    static template = "sale_rma.QuantityField";
    static props = {
        ...FloatField.props,
        closedField: { type: String, optional: true },
        hintField: { type: String, optional: true },
        ofField: { type: String, optional: true },
    };

    get closedMessage() {
        return this.props.closedField && this.props.record.data[this.props.closedField];
    }

    get hint() {
        return this.props.hintField && this.props.record.data[this.props.hintField];
    }

    get whole() {
        const { ofField, record } = this.props;
        return ofField
            ? _t("of %s", formatFloat(record.data[ofField], { trailingZeros: false }))
            : "";
    }
}

registry.category("fields").add("sale_rma_quantity", {
    ...floatField,
    component: QuantityField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        closedField: fieldInfo.options.closed_field,
        hintField: fieldInfo.options.hint_field,
        ofField: fieldInfo.options.of_field,
    }),
});
