import { registry } from "@web/core/registry";

/** From the list of returns: two are accepted at once. */
registry.category("web_tour.tours").add("sale_rma_bulk", {
    steps: () => [
        {
            content: "The list shows what waits for somebody: show all",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            content: "The cancelled return too",
            trigger: ".o_list_view .o_data_row:nth-child(3)",
        },
        {
            content: "Select all returns",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Open the actions",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Accept them",
            trigger: ".o-dropdown--menu .o_menu_item:contains(/^Accept$/)",
            run: "click",
        },
        {
            content: "The summary tells how many can be accepted",
            trigger: ".o_form_view .o_field_widget[name=possible_count]:contains(2)",
        },
        {
            content: "And why one cannot",
            trigger: ".o_field_widget[name=problem_line_ids] .o_data_row:contains(Cancelled)",
        },
        {
            content: "Start",
            trigger: ".o_form_statusbar button[name=action_start]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_form_statusbar .o_arrow_button_current[data-value=done]",
        },
        {
            content: "Two are",
            trigger: ".o_form_view .o_field_widget[name=done_count]:contains(2)",
        },
    ],
});
