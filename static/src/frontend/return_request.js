import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

import { isRefused, shrinkPhoto } from "../common/photos";

/**
 * The form with which customers ask for a return. It works without this: the browser then shows
 * what they get back on a page of its own, and the server finds every mistake. With it the
 * estimate follows what they type, photos are shown and made smaller, and what is missing is said
 * before anything is sent.
 */
export class ReturnRequest extends Interaction {
    static selector = "form.o_rma_request";

    dynamicSelectors = {
        ...this.dynamicSelectors,
        _errors: () => this.el.ownerDocument.getElementById("rma_errors"),
    };
    dynamicContent = {
        _root: {
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
        _window: {
            "t-on-pageshow": this.onPageShow,
            "t-on-resize": () => this.placeBar(this.el.querySelector(".o_rma_bar")),
        },
        _errors: { "t-on-click": this.onErrorClick },
        "input[inputmode=decimal]": { "t-on-input": () => this.estimateSoon() },
        "input[type=search]": {
            "t-on-input": (ev) => this.searchSoon(ev.target),
            "t-on-keydown": this.onSearchKey,
        },
        ".o_rma_same button": { "t-on-click": this.shareReason },
        "input[type=text]": { "t-on-keydown": this.onFieldKey },
        ".o_rma_less": { "t-on-click": (ev) => this.step(ev, -1) },
        ".o_rma_more": { "t-on-click": (ev) => this.step(ev, 1) },
    };

    setup() {
        this.photos = new Map(); // file input: files, as the customer added them one by one
        this.isSent = false;
        this.estimateSoon = this.debounced(this.estimate, 300);
        this.searchSoon = this.debounced(this.search, 300);
    }

    start() {
        this.isReviewed = Boolean(this.el.dataset.reviewed);
        this.showButtons();
        this.el.querySelector(".o_rma_reviewed")?.focus();
        for (const hidden of this.el.querySelectorAll(".o_rma_less, .o_rma_more, .o_rma_total")) {
            hidden.classList.remove("d-none");
        }
        const bar = this.el.querySelector(".o_rma_bar");
        const observer = new ResizeObserver(() => this.placeBar(bar));
        observer.observe(bar);
        this.registerCleanup(() => observer.disconnect());
        for (const line of this.el.querySelectorAll(".o_rma_line")) {
            this.showRequired(line);
        }
        this.estimate();
    }

    onChange(ev) {
        const line = ev.target.closest(".o_rma_line");
        if (line) {
            if (ev.target.type === "file") {
                return this.addPhotos(ev.target);
            }
            this.showRequired(line);
            this.forgetErrors(line, ev.target);
        }
        this.showButtons();
        this.estimateSoon();
    }

    /** The estimate of a single item is in sight already: it is sent at once. Of several items one
     * looks at the whole before; then, too, one of the first can be given to all. */
    showButtons() {
        const picked = [...this.el.querySelectorAll(".o_rma_line")].filter(
            (line) => line.querySelector(".o_rma_pick").checked
        );
        const isSent = this.isReviewed || picked.length < 2;
        this.el.querySelector(".o_rma_send").classList.toggle("d-none", !isSent);
        this.el.querySelector(".o_rma_review").classList.toggle("d-none", isSent);
        const reasons = picked.map((line) => this.getReason(line)?.value);
        const canShare = reasons.some(Boolean) && new Set(reasons).size > 1;
        this.el.querySelector(".o_rma_same").classList.toggle("d-none", !canShare);
    }

    getReason(line) {
        return line.querySelector("input[name$=-reason]:checked");
    }

    /** Give the reason of the first item that has one to all. */
    shareReason() {
        const lines = [...this.el.querySelectorAll(".o_rma_line")].filter(
            (line) => line.querySelector(".o_rma_pick").checked
        );
        const reason = lines.map((line) => this.getReason(line)).find(Boolean).value;
        for (const line of lines) {
            const radio = line.querySelector(`input[name$=-reason][value="${reason}"]`);
            radio.checked = true;
            this.showRequired(line);
            this.forgetErrors(line, radio);
        }
        this.showButtons();
        this.estimateSoon();
    }

    onPageShow(ev) {
        if (ev.persisted) {
            this.isSent = false; // back from the page that confirmed it
        }
    }

    /**
     * The bar stays in sight where there is room for it, and nothing that has the focus goes below
     * it: the page scrolls on by its height.
     */
    placeBar(bar) {
        const { documentElement, defaultView } = this.el.ownerDocument;
        const wrapwrap = this.el.ownerDocument.getElementById("wrapwrap");
        const fits = bar.offsetHeight < defaultView.innerHeight / 4;
        bar.classList.toggle("o_rma_bar_sticky", fits);
        for (const scrolled of [documentElement, wrapwrap]) {
            if (scrolled) {
                scrolled.style.scrollPaddingBottom = fits ? `${bar.offsetHeight + 16}px` : "";
            }
        }
    }

    step(ev, by) {
        const input = ev.currentTarget.parentElement.querySelector("input");
        const most = parseFloat(input.dataset.most);
        const quantity = (parseFloat(input.value.replace(",", ".")) || 0) + by;
        input.value = Math.min(Math.max(quantity, Math.min(1, most)), most);
        this.forgetErrors(input.closest(".o_rma_line"), input);
        this.estimateSoon();
    }

    // ------------------------------------------------------------------
    // What they get back
    // ------------------------------------------------------------------

    call(route, params) {
        const token = this.el.dataset.token;
        return this.waitFor(
            rpc(
                `${this.el.dataset.rpc}/${route}`,
                { ...params, ...(token ? { access_token: token } : {}) },
                { silent: true }
            )
        );
    }

    async estimate() {
        const values = {};
        for (const [name, value] of this.getData()) {
            if (typeof value === "string" && name !== "csrf_token") {
                values[name] = value;
            }
        }
        const number = (this.estimateNumber = (this.estimateNumber || 0) + 1);
        let html;
        try {
            html = await this.call("estimate", { values });
        } catch {
            html = ""; // no network, or the session is over: sending will tell
        }
        if (number === this.estimateNumber) {
            const estimate = this.el.querySelector(".o_rma_estimate");
            const total = this.el.querySelector(".o_rma_total");
            if (html) {
                setHtml(estimate, html);
                // what it is made of scrolls with the page, the sum stays in sight
                total.replaceChildren(...estimate.querySelector(".o_rma_estimate_total").childNodes);
            } else {
                estimate.replaceChildren();
                total.textContent = _t("What you get back could not be worked out just now.");
            }
        }
    }

    /** The form's data without what belongs to items that are not picked. */
    getData() {
        const data = new FormData(this.el);
        for (const line of this.el.querySelectorAll(".o_rma_line")) {
            if (!line.querySelector(".o_rma_pick").checked) {
                for (const field of line.querySelectorAll("[name]")) {
                    data.delete(field.name);
                }
            }
        }
        return data;
    }

    // ------------------------------------------------------------------
    // Exchange for another product
    // ------------------------------------------------------------------

    async search(input) {
        const line = input.closest(".o_rma_line");
        const found = line.querySelector(".o_rma_found");
        const html = await this.call("products", {
            line_id: parseInt(line.dataset.line),
            search: input.value,
        });
        const had = found.querySelector("input:checked");
        setHtml(found, input.value.trim().length < 2 ? "" : html);
        const choices = found.querySelectorAll("input[type=radio]");
        if (choices.length === 1) {
            choices[0].checked = true;
        } else if (had) {
            // what was chosen went away with the last search: one is still looking
            line.querySelector(".o_rma_other").checked = true;
        }
        this.estimateSoon();
    }

    /** Enter in a field sends nothing. */
    onFieldKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.estimateSoon();
        }
    }

    onSearchKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault(); // looks for the product, does not send the form
            this.searchSoon(ev.target);
        }
    }

    // ------------------------------------------------------------------
    // Photos
    // ------------------------------------------------------------------

    async addPhotos(input) {
        const most = parseInt(this.el.dataset.maxPhotos);
        const line = input.closest(".o_rma_line");
        const photos = this.photos.get(input) || [];
        const refused = [...input.files].find((file) => isRefused(file, input.accept));
        const readable = [...input.files].filter((file) => !isRefused(file, input.accept));
        const added = await Promise.all(readable.map(shrinkPhoto));
        const kept = line.querySelectorAll(".o_rma_kept input:checked").length;
        const room = most - kept - photos.length;
        const tooLarge = added.filter((file) => file.size > parseInt(this.el.dataset.maxSize));
        const fine = added.filter((file) => !tooLarge.includes(file)).slice(0, Math.max(room, 0));
        this.showError(
            line,
            "photos",
            refused
                ? _t("%s cannot be read here: please choose a JPEG.", refused.name)
                : tooLarge.length
                ? _t("This photo is too large: %s", tooLarge[0].name)
                : fine.length < added.length
                ? _t("At most %s photos of each item are possible.", most)
                : ""
        );
        this.setPhotos(input, [...photos, ...fine]);
    }

    setPhotos(input, photos) {
        this.photos.set(input, photos);
        const transfer = new DataTransfer();
        for (const photo of photos) {
            transfer.items.add(photo);
        }
        input.files = transfer.files;
        this.showPhotos(input, photos);
    }

    showPhotos(input, photos) {
        const previews = input.closest(".o_rma_line").querySelector(".o_rma_previews");
        for (const image of previews.querySelectorAll("img")) {
            URL.revokeObjectURL(image.src);
        }
        previews.replaceChildren(
            ...photos.map((photo) => {
                const preview = document.createElement("div");
                preview.className = "o_rma_preview";
                const image = document.createElement("img");
                image.className = "rounded";
                image.alt = photo.name;
                image.src = URL.createObjectURL(photo);
                const remove = document.createElement("button");
                remove.type = "button";
                remove.className = "btn btn-sm btn-dark rounded-circle";
                remove.setAttribute("aria-label", _t("Remove %s", photo.name));
                remove.textContent = "×";
                remove.addEventListener("click", () => {
                    this.setPhotos(
                        input,
                        photos.filter((other) => other !== photo)
                    );
                    input.focus();
                });
                preview.append(image, remove);
                return preview;
            })
        );
    }

    // ------------------------------------------------------------------
    // What is missing
    // ------------------------------------------------------------------

    showRequired(line) {
        const reason = line.querySelector("input[name$=-reason]:checked");
        for (const [field, selector] of [
            ["note", ".o_rma_note_optional"],
            ["photo", ".o_rma_photo_optional"],
        ]) {
            line.querySelector(selector).textContent = reason?.dataset[field]
                ? _t("(needed)")
                : _t("(optional)");
        }
    }

    forgetErrors(line, field) {
        const name = field.name?.split("-")[2];
        if (name) {
            const own = { wish: "product", search: "product" }[name] || name;
            this.showError(line, own, "");
        }
        if (!this.el.querySelector(".o_rma_error:not(.d-none)")) {
            this.el.ownerDocument.getElementById("rma_errors").classList.add("d-none");
        }
    }

    showError(line, field, text) {
        const error = line.querySelector(`.o_rma_error[data-field=${field}]`);
        if (!error) {
            return;
        }
        error.textContent = text;
        error.classList.toggle("d-none", !text);
        for (const input of line.querySelectorAll(`[aria-describedby~="${error.id}"]`)) {
            if (input.matches("input, textarea, [role=radiogroup]")) {
                input.toggleAttribute("aria-invalid", Boolean(text));
                if (text) {
                    input.setAttribute("aria-invalid", "true");
                }
            }
        }
    }

    /**
     * Say at the top of the page what is missing, for it to be read out, and put the focus where
     * one goes on: on the only field, or on the list of several.
     *
     * @param {Array<{element: HTMLElement, text: string}>} missing
     */
    showMissing(missing) {
        const errors = this.el.ownerDocument.getElementById("rma_errors");
        const title = document.createElement("p");
        title.className = "fw-bold mb-1";
        title.textContent = _t("This is not sent yet:");
        const list = document.createElement("ul");
        list.className = "mb-0 ps-3";
        for (const { element, text } of missing) {
            const item = document.createElement("li");
            const link = document.createElement("a");
            link.className = "alert-link";
            link.href = `#${element.id}`;
            link.textContent = text;
            item.append(link);
            list.append(item);
        }
        errors.replaceChildren(title, list);
        errors.classList.remove("d-none");
        const target = missing.length === 1 ? missing[0].element : errors;
        target.focus();
        target.scrollIntoView({ block: "center" });
    }

    /** The link of an error leads into its field, not only to its group. */
    onErrorClick(ev) {
        const id = ev.target.closest("a")?.hash?.slice(1);
        const target = id && this.el.ownerDocument.getElementById(id);
        if (target) {
            ev.preventDefault();
            const field = target.matches("input, textarea")
                ? target
                : target.querySelector("input:checked") || target.querySelector("input");
            field.focus();
            (target.matches("input") ? target : target.closest("fieldset") || target).scrollIntoView({
                block: "center",
            });
        }
    }

    /** Return what is missing in an item, as {element, text}, after saying it there. */
    findMissing(line) {
        const get = (selector) => line.querySelector(selector);
        const reason = get("input[name$=-reason]:checked");
        const note = get("textarea");
        const photos = get("input[type=file]");
        const kept = line.querySelectorAll(".o_rma_kept input:checked").length;
        const wantsExchange = get(".o_rma_wish_exchange").checked;
        const product = get("input[name$=-product]:checked");
        const missing = [
            ["reason", !reason && _t("Tell us why you send it back."), get("input[name$=-reason]")],
            [
                "product",
                wantsExchange &&
                    (!product || product.value === "other") &&
                    _t("Choose what you would like instead."),
                get("input[name$=-product]"),
            ],
            [
                "note",
                reason?.dataset.note &&
                    !note.value.trim() &&
                    _t("Please describe what is wrong, in a few words."),
                note,
            ],
            [
                "photos",
                reason?.dataset.photo &&
                    !photos.files.length &&
                    !kept &&
                    _t("Please add a photo that shows it."),
                photos,
            ],
        ];
        const name = get(".o_rma_line_label .fw-bold").textContent;
        const found = missing.filter(([, text, element]) => text && element);
        for (const [field, text] of found) {
            this.showError(line, field, text);
        }
        return found.map(([, text, element]) => ({ element, text: `${name}: ${text}` }));
    }

    onSubmit(ev) {
        if (ev.submitter?.hasAttribute("formaction")) {
            return; // leads elsewhere with what was typed, whatever is missing here
        }
        if (this.isSent) {
            ev.preventDefault(); // tapped twice
            return;
        }
        const lines = [...this.el.querySelectorAll(".o_rma_line")];
        const picked = lines.filter((line) => line.querySelector(".o_rma_pick").checked);
        const missing = picked.flatMap((line) => this.findMissing(line));
        if (missing.length) {
            ev.preventDefault();
            this.showMissing(missing);
            return;
        }
        this.isSent = true;
        // what is not picked need not travel; the button says what it does once it was read
        for (const line of lines.filter((line) => !picked.includes(line))) {
            for (const field of line.querySelectorAll("[name]")) {
                field.disabled = true;
            }
        }
        browser.setTimeout(() => {
            const button = ev.submitter || this.el.querySelector(".o_rma_send");
            button.textContent = _t("Sending…");
            button.setAttribute("aria-disabled", "true");
        });
    }
}

/** Show HTML that the server rendered. */
function setHtml(element, html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    element.replaceChildren(...parsed.body.childNodes);
}

registry.category("public.interactions").add("sale_rma.return_request", ReturnRequest);
