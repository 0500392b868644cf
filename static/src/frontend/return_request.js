import { browser } from "@web/core/browser/browser";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { Interaction } from "@web/public/interaction";

import { shrinkPhoto } from "./photos";

/**
 * The form with which customers ask for a return. It works without this: the browser then shows
 * what they get back on a page of its own, and the server finds every mistake. With it the
 * estimate follows what they type, photos are shown and made smaller, and what is missing is said
 * before anything is sent.
 */
export class ReturnRequest extends Interaction {
    static selector = "form.o_rma_request";

    dynamicContent = {
        _root: {
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
        _window: { "t-on-pageshow": this.onPageShow },
        "input[inputmode=decimal]": { "t-on-input": () => this.estimateSoon() },
        "input[type=search]": {
            "t-on-input": (ev) => this.searchSoon(ev.target),
            "t-on-keydown": this.onSearchKey,
        },
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
        // the estimate is in sight already, so the form is sent at once
        this.el.querySelector(".o_rma_review").remove();
        this.el.querySelector(".o_rma_send").classList.remove("d-none");
        for (const button of this.el.querySelectorAll(".o_rma_less, .o_rma_more")) {
            button.classList.remove("d-none");
        }
        for (const line of this.el.querySelectorAll(".o_rma_line")) {
            this.showRequired(line);
        }
        this.el.ownerDocument.getElementById("rma_errors")?.focus();
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
        this.estimateSoon();
    }

    onPageShow(ev) {
        if (ev.persisted) {
            this.isSent = false; // back from the page that confirmed it
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
            if (html) {
                setHtml(estimate, html);
            } else {
                estimate.textContent = _t("What you get back could not be worked out just now.");
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
        setHtml(found, input.value.trim().length < 2 ? "" : html);
        const choices = found.querySelectorAll("input[type=radio]");
        if (choices.length === 1) {
            choices[0].checked = true;
        }
        this.estimateSoon();
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
        const added = await Promise.all([...input.files].map(shrinkPhoto));
        const kept = line.querySelectorAll(".o_rma_kept input:checked").length;
        const room = most - kept - photos.length;
        const tooLarge = added.filter((file) => file.size > parseInt(this.el.dataset.maxSize));
        const fine = added.filter((file) => !tooLarge.includes(file)).slice(0, Math.max(room, 0));
        this.showError(
            line,
            "photos",
            tooLarge.length
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
    }

    showError(line, field, text) {
        const error = line.querySelector(`.o_rma_error[data-field=${field}]`);
        if (!error) {
            return;
        }
        error.textContent = text;
        error.classList.toggle("d-none", !text);
        for (const input of line.querySelectorAll(`[aria-describedby~="${error.id}"]`)) {
            if (input.matches("input, textarea")) {
                input.toggleAttribute("aria-invalid", Boolean(text));
                if (text) {
                    input.setAttribute("aria-invalid", "true");
                }
            }
        }
    }

    /** Return the element of the first thing that is missing in an item, after saying it there. */
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
        let first = null;
        for (const [field, text, element] of missing) {
            if (text) {
                this.showError(line, field, text);
                first ||= element;
            }
        }
        return first;
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
        const missing = picked.map((line) => this.findMissing(line)).find(Boolean);
        if (missing) {
            ev.preventDefault();
            missing.focus();
            missing.scrollIntoView({ block: "center" });
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
            const button = this.el.querySelector(".o_rma_send");
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
