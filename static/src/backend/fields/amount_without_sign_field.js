import { registry } from "@web/core/registry";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

/**
 * An amount whose label already says which way the money goes.
 */
export class AmountWithoutSignField extends MonetaryField {
    get value() {
        return Math.abs(super.value);
    }
}

registry.category("fields").add("sale_rma_amount_without_sign", {
    ...monetaryField,
    component: AmountWithoutSignField,
});
