import { registry } from "@web/core/registry";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";

/**
 * A sold line shown by its product: inside one return, the order's number before every
 * name says nothing. The list to choose from keeps the line's own name.
 */
export class SoldLineField extends Many2OneField {
    get m2oProps() {
        const props = super.m2oProps;
        const product = this.props.record.data.product_id;
        if (props.value && product) {
            props.value = { ...props.value, display_name: product.display_name };
        }
        return props;
    }
}

registry.category("fields").add("sale_rma_sold_line", {
    ...buildM2OFieldDescription(SoldLineField),
});
