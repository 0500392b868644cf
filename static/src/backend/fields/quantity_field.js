import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/**
 * A quantity that says in words why it is closed, or what the number typed means.
 *
 * Options: `closed_field` and `hint_field`, text fields of the same record.
 */
export class QuantityField extends FloatField {
    static template = "sale_rma.QuantityField";
    static props = {
        ...FloatField.props,
        closedField: { type: String, optional: true },
        hintField: { type: String, optional: true },
    };

    get closedMessage() {
        return this.props.closedField && this.props.record.data[this.props.closedField];
    }

    get hint() {
        return this.props.hintField && this.props.record.data[this.props.hintField];
    }
}

registry.category("fields").add("sale_rma_quantity", {
    ...floatField,
    component: QuantityField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        closedField: fieldInfo.options.closed_field,
        hintField: fieldInfo.options.hint_field,
    }),
});
