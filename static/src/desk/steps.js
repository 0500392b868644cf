import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

const PAUSE = 3000; // ms until a step that did not get through is sent again

/** Return a name for a step that no other step has. */
function makeToken() {
    // crypto.randomUUID is missing on pages that are not secure, as in many a warehouse
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    return [...numbers].map((number) => number.toString(16).padStart(8, "0")).join("");
}

/**
 * What the clerk did, in its order, sent one after the other. A step that the net lost is kept in
 * the browser and sent again under the same token, also when the page was closed meanwhile: the
 * server does it once.
 */
export class Steps {
    /**
     * @param {string} key where they are kept
     * @param {Object} desk
     * @param {Function} desk.resolve gives what to send for a step: `{ method, args, kwargs }`, a
     *     list of steps to do instead, or nothing
     * @param {Function} desk.send
     * @param {Function} desk.onDone whether what was done is what was meant
     * @param {Function} desk.onFailed
     * @param {Function} desk.onChange
     */
    constructor(key, desk) {
        this.key = key;
        this.desk = desk;
        this.isOffline = false;
        this.isRunning = false;
        this.waiting = this.read();
    }

    read() {
        try {
            const kept = JSON.parse(browser.localStorage.getItem(this.key));
            return Array.isArray(kept) ? kept : [];
        } catch {
            return [];
        }
    }

    keep() {
        try {
            browser.localStorage.setItem(this.key, JSON.stringify(this.waiting));
        } catch {
            // photos larger than what a browser keeps: they are sent as long as the page is open
        }
        this.desk.onChange();
    }

    add(step) {
        this.waiting.push({ ...step, token: makeToken() });
        this.keep();
        return this.run();
    }

    stop() {
        clearTimeout(this.timeout);
        this.isStopped = true;
    }

    async run() {
        if (this.isRunning || this.isStopped) {
            return;
        }
        clearTimeout(this.timeout);
        this.isRunning = true;
        try {
            while (this.waiting.length && !this.isStopped) {
                if (!(await this.runNext())) {
                    break;
                }
            }
        } finally {
            this.isRunning = false;
            this.desk.onChange();
        }
    }

    /** Do the first step; whether the next one may follow. */
    async runNext() {
        const step = this.waiting[0];
        if (!step.call) {
            const call = this.desk.resolve(step);
            if (!call || Array.isArray(call)) {
                const instead = (call || []).map((one) => ({ ...one, token: makeToken() }));
                this.waiting.splice(0, 1, ...instead);
                this.keep();
                return true;
            }
            step.call = call;
            this.keep();
        }
        let result;
        try {
            result = await this.desk.send(step.call, step.token);
        } catch (error) {
            return this.catchError(step, error);
        }
        this.isOffline = false;
        this.waiting.shift();
        if (!this.desk.onDone(step, result)) {
            this.dropWhatFollows();
        }
        this.keep();
        return true;
    }

    catchError(step, error) {
        if (error instanceof ConnectionLostError) {
            this.isOffline = true;
            this.timeout = setTimeout(() => this.run(), PAUSE);
            return false;
        }
        if (error.exceptionName === "odoo.http.SessionExpiredException") {
            throw error; // kept until the clerk has logged in again
        }
        this.isOffline = false;
        this.waiting.shift();
        this.dropWhatFollows();
        this.keep();
        this.desk.onFailed(step, error);
        return true;
    }

    /** What was keyed in after a scan that failed was meant for its piece, not for another one. */
    dropWhatFollows() {
        while (this.waiting.length && this.waiting[0].do !== "scan") {
            this.waiting.shift();
        }
    }
}
