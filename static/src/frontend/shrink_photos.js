import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

import { isRefused, shrinkPhoto } from "../common/photos";

/** A field for files of the page of a return: photos are made smaller before they travel, and what
 * cannot be taken is said before anything is sent. */
export class ShrinkPhotos extends Interaction {
    static selector = "input.o_rma_shrink";
    dynamicContent = { _root: { "t-on-change": this.onChange } };

    async onChange() {
        const files = [...this.el.files];
        const refused = files.find((file) => isRefused(file, this.el.accept));
        this.el.setCustomValidity(
            refused ? _t("%s cannot be read here: please choose a JPEG.", refused.name) : ""
        );
        if (refused) {
            this.el.reportValidity();
            return;
        }
        const transfer = new DataTransfer();
        for (const file of await this.waitFor(Promise.all(files.map(shrinkPhoto)))) {
            transfer.items.add(file);
        }
        this.el.files = transfer.files;
    }
}

registry.category("public.interactions").add("sale_rma.shrink_photos", ShrinkPhotos);
