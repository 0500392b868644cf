import { Component, onMounted, onWillUnmount, useEffect, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000; // ms between two looks at what the scheduler does

/**
 * Drives a bulk operation: asks the server for one batch after the other and shows how far it is.
 * Whoever leaves the screen loses nothing: the scheduler goes on with the rest.
 */
export class JobRunner extends Component {
    static template = "sale_rma.JobRunner";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ done: 0, total: 0, isRunning: false, isWaiting: false });
        this.isMounted = false;
        onMounted(() => {
            this.isMounted = true;
        });
        onWillUnmount(() => {
            this.isMounted = false;
        });
        useEffect(
            () => {
                this.drive();
            },
            () => [this.props.record.resId, this.props.record.data.state, this.hasWork]
        );
    }

    get hasWork() {
        const { state, unchecked_count } = this.props.record.data;
        return state === "running" || (state === "draft" && unchecked_count > 0);
    }

    get percentage() {
        return this.state.total ? Math.floor((100 * this.state.done) / this.state.total) : 0;
    }

    async drive() {
        if (this.state.isRunning || !this.hasWork) {
            return;
        }
        this.state.isRunning = true;
        try {
            await this.driveToTheEnd(this.props.record.resId);
        } finally {
            this.state.isRunning = false;
        }
        if (this.isMounted) {
            await this.refresh();
        }
    }

    async driveToTheEnd(jobId) {
        while (this.isMounted && this.props.record.resId === jobId) {
            const progress = await this.orm.silent.call("sale.rma.job", "action_run_next", [
                [jobId],
            ]);
            const { done, total } = progress;
            // in the background the scheduler does it: it may be busy with something else
            const isWaiting = progress.is_waiting && done === this.state.done;
            Object.assign(this.state, { done, total, isWaiting });
            if (progress.is_over) {
                return;
            }
            if (progress.is_waiting) {
                await new Promise((resolve) => setTimeout(resolve, PAUSE));
            }
        }
    }

    async refresh() {
        const record = this.props.record;
        // a reason that was typed meanwhile is kept
        if (await record.isDirty()) {
            await record.save();
        } else {
            await record.load();
        }
    }
}

export const jobRunner = {
    component: JobRunner,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "unchecked_count", type: "integer" },
    ],
};

registry.category("view_widgets").add("sale_rma_job_runner", jobRunner);
