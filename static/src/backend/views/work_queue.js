import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/**
 * Who searches for a return looks among all of them, not only among those that wait for him.
 */
export class WorkQueueSearchModel extends SearchModel {
    addAutoCompletionValues(searchItemId, autocompleteValue) {
        if (this.searchItems[searchItemId].fieldName === "anything") {
            this.query = this.query.filter(
                ({ searchItemId: id }) => this.searchItems[id].name !== "waiting"
            );
        }
        super.addAutoCompletionValues(searchItemId, autocompleteValue);
    }
}

registry.category("views").add("sale_rma_list", { ...listView, SearchModel: WorkQueueSearchModel });
registry
    .category("views")
    .add("sale_rma_kanban", { ...kanbanView, SearchModel: WorkQueueSearchModel });
