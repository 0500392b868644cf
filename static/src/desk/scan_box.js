import { barcodeService } from "@barcodes/barcode_service";

const FASTEST_HAND = 35; // ms between two keys: a scanner is faster
const SHORTEST_CODE = 6; // signs that a scanner without Enter at the end has to send
const DEAF = 500; // ms in which the Enter that ends a scan is not taken for one of the clerk
const GROUP_SEPARATOR = "\x1d"; // between two fields of a GS1 code

function isEditable(element) {
    return element.matches?.("input, textarea, select, [contenteditable=true]");
}

/**
 * One input that is always ready: for a scanner that types, for a single key that is a command, and
 * for words typed by hand. Odoo's own service for scanners knows no single keys and loses what is
 * typed slowly; its time between two keys holds here too.
 */
export class ScanBox {
    /**
     * @param {Object} desk
     * @param {Function} desk.getInput
     * @param {Function} desk.isByHand whether all that is typed is text
     * @param {Function} desk.onScan
     * @param {Function} desk.onKey whether a single key was a command
     * @param {Function} desk.onEnter
     * @param {Function} desk.onEscape
     * @param {Function} desk.onMove
     * @param {Function} desk.onUndo
     */
    constructor(desk) {
        this.desk = desk;
        this.times = [];
        this.deafUntil = 0;
        this.code = "";
        this.altDigits = "";
    }

    get input() {
        return this.desk.getInput();
    }

    focus() {
        this.input?.focus({ preventScroll: true });
    }

    clear() {
        clearTimeout(this.timeout);
        this.times = [];
        if (this.input) {
            this.input.value = "";
        }
    }

    submit() {
        const text = this.input.value.trim();
        this.clear();
        if (text) {
            this.deafUntil = performance.now() + DEAF;
            this.desk.onScan(text);
        }
    }

    /** @param {KeyboardEvent} ev of the whole window */
    onKeydown(ev) {
        const { key, target } = ev;
        const isBox = target === this.input;
        if (!this.input || ev.isComposing || document.querySelector(".modal, .o-dropdown--menu")) {
            return;
        }
        if (!isBox && isEditable(target)) {
            if (key === "Escape" || (key === "Enter" && !target.matches("textarea"))) {
                ev.preventDefault();
                this.focus(); // what was typed there is taken over as it loses the cursor
            }
            return;
        }
        if (this.readSeparator(ev)) {
            ev.preventDefault();
            return;
        }
        if (ev.ctrlKey || ev.metaKey || ev.altKey) {
            if (key.toLowerCase() === "z" && ev.ctrlKey && !this.input.value) {
                ev.preventDefault();
                this.desk.onUndo();
            }
            return;
        }
        if (key === "Enter" || key === "Tab") {
            this.onEnd(ev, isBox);
        } else if (key === "Escape") {
            if (this.input.value) {
                this.clear();
            } else {
                this.desk.onEscape();
            }
        } else if ((key === "ArrowDown" || key === "ArrowUp") && !ev.shiftKey) {
            ev.preventDefault();
            this.desk.onMove(key === "ArrowDown" ? 1 : -1);
        } else if (key.length === 1) {
            this.code = ev.code;
            if (!isBox && !(key === " " && target.matches("button, a, summary"))) {
                this.focus(); // the sign itself then goes where the cursor is
            }
        }
    }

    /** Scanners end with Enter or Tab, which mean something else when they come alone. */
    onEnd(ev, isBox) {
        if (!isBox) {
            if (ev.key === "Enter" && !ev.target.matches("button, a, summary")) {
                ev.preventDefault();
                this.enter(ev);
            }
            return;
        }
        if (this.input.value.trim()) {
            ev.preventDefault();
            this.submit();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.enter(ev);
        }
    }

    enter(ev) {
        if (!ev.repeat && performance.now() > this.deafUntil) {
            this.desk.onEnter();
        }
    }

    /** Scanners send it as Control and ], or as Alt and 029. */
    readSeparator(ev) {
        if (ev.ctrlKey && ev.key === "]") {
            this.input.value += GROUP_SEPARATOR;
            return true;
        }
        if (ev.altKey && /^\d$/.test(ev.key)) {
            this.altDigits += ev.key;
            if (/^0*29$/.test(this.altDigits)) {
                this.altDigits = "";
                this.input.value += GROUP_SEPARATOR;
            }
            return true;
        }
        this.altDigits = "";
        return false;
    }

    onInput() {
        clearTimeout(this.timeout);
        this.times.push(performance.now());
        if (this.input.value.length < 2) {
            this.times = this.times.slice(-1);
        }
        if (!this.desk.isByHand()) {
            this.timeout = setTimeout(
                () => this.onPause(),
                barcodeService.maxTimeBetweenKeysInMs
            );
        }
    }

    onPause() {
        const text = this.input?.value || "";
        if (text.length === 1) {
            if (this.desk.onKey(text.toLowerCase()) || this.pressDigit()) {
                this.clear();
            }
            return;
        }
        const [first, last] = [this.times[0], this.times.at(-1)];
        if (
            text.length >= SHORTEST_CODE &&
            this.times.length >= SHORTEST_CODE &&
            (last - first) / (this.times.length - 1) < FASTEST_HAND
        ) {
            this.submit();
        }
    }

    /** On a French keyboard a digit's key gives another sign. */
    pressDigit() {
        const digit = /^(?:Digit|Numpad)(\d)$/.exec(this.code);
        return Boolean(digit) && this.desk.onKey(digit[1]);
    }
}
