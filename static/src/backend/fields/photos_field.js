import { registry } from "@web/core/registry";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { FileModel } from "@web/core/file_viewer/file_model";
import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/**
 * Small pictures in a row, opened full size with a click, and a button to add some: fits a
 * cell of a list.
 */
export class PhotosField extends Many2ManyBinaryField {
    static template = "sale_rma.PhotosField";

    setup() {
        super.setup();
        this.fileViewer = useFileViewer();
    }

    open(file) {
        const models = this.files.map((one) =>
            Object.assign(new FileModel(), {
                id: one.id,
                name: one.name,
                mimetype: one.mimetype,
            })
        );
        const model = models.find((one) => one.id === file.id);
        if (model.isViewable) {
            this.fileViewer.open(model, models);
        } else {
            window.open(this.getUrl(file.id), "_blank");
        }
    }
}

registry.category("fields").add("sale_rma_photos", {
    ...many2ManyBinaryField,
    component: PhotosField,
});
