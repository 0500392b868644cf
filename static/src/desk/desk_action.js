import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { session } from "@web/session";

import { shrinkPhoto } from "../common/photos";
import { findCurrent, findMissing, getPieces } from "./parcel";
import { ScanBox } from "./scan_box";
import { Sounds } from "./sounds";
import { Steps } from "./steps";

const MODEL = "sale.rma.parcel";
const RETRY = 3000; // ms until the desk is asked for again
const UNKNOWN_FIELDS = ["name", "note", "date_start", "attachment_ids"];

/**
 * The returns desk: parcels are scanned, what is in them is seen, graded and put where it belongs,
 * with a scanner and single keys. It draws the state that the server answers to each step, and
 * knows no rule of returns itself.
 */
export class ReturnsDesk extends Component {
    static template = "sale_rma.ReturnsDesk";
    static props = { ...standardActionServiceProps };
    static path = "returns-desk";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.box = useRef("box");
        this.camera = useRef("camera");
        const key = `sale_rma_desk.${session.db}.${user.userId}`;
        this.keys = { last: `${key}.parcel`, sounds: `${key}.sounds`, steps: `${key}.steps` };
        this.state = useState({
            config: false, // what the desk knows before the first scan
            parcel: false,
            currentId: false, // the piece in hand
            choices: [],
            panel: false, // what is asked beside: "find", "aside", "extra"
            query: "",
            found: false,
            matching: false, // a parcel put aside of which the return is looked for
            unknowns: [],
            photos: [], // of a parcel that is put aside
            message: false,
            waiting: 0,
            isOffline: false,
            isByHand: false,
            isSoundOn: true,
        });
        this.scanBox = new ScanBox({
            getInput: () => this.box.el,
            isByHand: () => this.state.isByHand || !(this.parcel || this.state.choices.length),
            onScan: (code) => this.scan(code),
            onKey: (key) => this.pressKey(key),
            onEnter: () => this.goOn(),
            onEscape: () => this.leave(),
            onMove: (by) => this.move(by),
            onUndo: () => this.undo(),
        });
        this.steps = new Steps(this.keys.steps, {
            resolve: (step) => this.resolve(step),
            send: ({ method, args, kwargs }, token) =>
                this.orm.silent.call(MODEL, method, args, { ...kwargs, token }),
            onDone: (step, result) => this.onDone(step, result),
            onFailed: (_step, error) =>
                this.tell(error.data?.message || error.message, "bad"),
            onChange: () => {
                this.state.waiting = this.steps?.waiting.length || 0;
                this.state.isOffline = Boolean(this.steps?.isOffline);
            },
        });
        useExternalListener(window, "keydown", (ev) => this.scanBox.onKeydown(ev), {
            capture: true,
        });
        useExternalListener(window, "online", () => this.steps.run());
        onWillStart(() => this.open());
        onMounted(() => {
            this.env.config.setDisplayName(_t("Returns desk"));
            this.scanBox.focus();
            this.steps.run();
        });
        // a button that was clicked and is gone leaves no cursor behind
        onPatched(() => {
            if (this.focusNext) {
                document.querySelector(this.focusNext)?.focus();
                this.focusNext = false;
            } else if (document.activeElement === document.body) {
                this.scanBox.focus();
            }
        });
        onWillUnmount(() => {
            clearTimeout(this.timeout);
            this.scanBox.clear();
            this.steps.stop();
        });
    }

    // === OPENING === //

    async open() {
        const config = await this.orm.call(MODEL, "desk_open", []);
        this.sounds ||= new Sounds(this.keys.sounds, config.sounds);
        this.state.isSoundOn = this.sounds.isOn;
        this.state.config = config;
        this.state.unknowns = await this.orm.searchRead(
            MODEL,
            [["state", "=", "unknown"]],
            UNKNOWN_FIELDS,
            { limit: 20 }
        );
        const last = Number(browser.localStorage.getItem(this.keys.last));
        const mine = config.mine.find((parcel) => parcel.id === last);
        if (mine && !this.parcel) {
            this.show(mine);
        }
    }

    get parcel() {
        return this.state.parcel;
    }

    get isOpen() {
        return this.parcel?.state === "open";
    }

    get current() {
        return getPieces(this.parcel).find(({ piece }) => piece.id === this.state.currentId);
    }

    get items() {
        return [...this.parcel.lines, ...this.parcel.extra];
    }

    /** Draw the state of a parcel. */
    show(parcel) {
        this.state.currentId = findCurrent(parcel, this.parcel, this.state.currentId);
        this.state.parcel = parcel;
        Object.assign(this.state, { choices: [], panel: false, found: false, matching: false });
        browser.localStorage.setItem(this.keys.last, parcel.state === "open" ? parcel.id : "");
    }

    /** Put the parcel down; what was seen of it is kept. */
    async leave() {
        const { panel, choices, matching, isByHand } = this.state;
        Object.assign(this.state, { panel: false, choices: [], matching: false, isByHand: false });
        this.scanBox.focus();
        if (panel || choices.length || matching || isByHand || !this.parcel || this.state.waiting) {
            return;
        }
        this.state.message = false;
        this.state.parcel = false;
        browser.localStorage.removeItem(this.keys.last);
        await this.refresh();
    }

    async refresh() {
        clearTimeout(this.timeout);
        try {
            await this.open();
        } catch {
            // the net broke: asked for again
            this.timeout = setTimeout(() => this.refresh(), RETRY);
        }
    }

    openMine(parcel) {
        this.show(parcel);
        this.scanBox.focus();
    }

    // === WORDS AND SOUNDS === //

    tell(text, sound = "good") {
        this.state.message = text ? { text, sound } : false;
        this.sounds.play(sound);
    }

    toggleSound() {
        this.sounds.toggle();
        this.state.isSoundOn = this.sounds.isOn;
        this.sounds.play("good");
        this.scanBox.focus();
    }

    toggleByHand() {
        this.state.isByHand = !this.state.isByHand;
        this.scanBox.focus();
    }

    get offlineText() {
        return _t(
            "No connection. Kept here and sent as soon as the net is back: %s steps.",
            this.state.waiting
        );
    }

    get prompt() {
        if (this.state.matching) {
            return _t("Scan the slip, or type the reference, order or customer of this parcel");
        }
        if (this.isOpen) {
            return _t("Scan the next piece");
        }
        return _t("Scan a slip, label, product or serial number");
    }

    getQuantity(number) {
        return formatFloat(number, { digits: [16, 2], trailingZeros: false });
    }

    getPrice(number) {
        return formatFloat(number, { digits: [16, 2] });
    }

    getName(kind, id) {
        return this.state.config[kind].find((row) => row.id === id)?.name || "";
    }

    /** Where a piece goes: what was chosen, else what is proposed. */
    getDisposition(piece) {
        const id = piece.disposition_id || piece.proposed_disposition_id;
        return this.state.config.dispositions.find((row) => row.id === id);
    }

    // === KEYS === //

    /** What single keys do; those of the shop's own records go first. */
    get commands() {
        const { grades, dispositions } = this.state.config;
        const commands = {};
        const add = (key, name, run) => {
            if (key && !commands[key.toLowerCase()]) {
                commands[key.toLowerCase()] = { name, run };
            }
        };
        if (this.state.choices.length) {
            this.state.choices.forEach((choice, index) =>
                add(`${index + 1}`, `choice${index}`, () => this.choose(choice))
            );
            return commands;
        }
        if (this.isOpen) {
            for (const row of grades) {
                add(row.key, `grade${row.id}`, () => this.set({ grade_id: row.id }));
            }
            for (const row of dispositions) {
                add(row.key, `to${row.id}`, () => this.setDisposition(row));
            }
            add("a", "all", () => this.countAll());
            add("y", "yes", () => this.answerNext(true));
            add("n", "no", () => this.answerNext(false));
            add("t", "note", () => this.focusOn(".o_sale_rma_desk_note"));
            add("p", "photo", () => this.camera.el?.click());
        }
        add("u", "undo", () => this.undo());
        add("/", "hand", () => this.toggleByHand());
        return commands;
    }

    /** Return the key of a command, to be shown on it. */
    getKey(name) {
        return Object.entries(this.commands).find(([, command]) => command.name === name)?.[0];
    }

    pressKey(key) {
        const command = this.commands[key];
        command?.run();
        return Boolean(command);
    }

    focusOn(selector) {
        document.querySelector(selector)?.focus();
    }

    /** Enter alone: the next piece, and at last the parcel. */
    goOn() {
        if (this.isOpen || this.state.waiting) {
            this.steps.add({ do: "go_on" });
        }
    }

    move(by) {
        const pieces = getPieces(this.parcel).map(({ piece }) => piece.id);
        const index = pieces.indexOf(this.state.currentId) + by;
        if (pieces[index]) {
            this.select(pieces[index]);
        }
    }

    // === STEPS === //

    scan(code) {
        this.state.isByHand = false;
        if (this.state.choices.length && this.state.choices[Number(code) - 1]) {
            return this.choose(this.state.choices[Number(code) - 1]);
        }
        if (this.state.matching) {
            return this.findReturns(code);
        }
        return this.steps.add({ do: "scan", code });
    }

    choose(choice) {
        const matching = this.state.matching;
        this.steps.add(
            matching
                ? { do: "match", parcel_id: matching.id, rma_id: choice.rma_id }
                : { do: "choose", rma_id: choice.rma_id }
        );
        this.scanBox.focus();
    }

    /** A piece that is touched is in hand once all before is done. */
    select(pieceId) {
        this.steps.add({ do: "select", piece_id: pieceId });
        this.scanBox.focus();
    }

    count(item) {
        this.steps.add({
            do: "count",
            rma_line_id: item.rma_line_id,
            product_id: item.product_id,
            quantity: 1,
        });
        this.scanBox.focus();
    }

    countAll() {
        this.steps.add({ do: "count_all" });
        this.steps.add({ do: "first" });
        this.scanBox.focus();
    }

    set(values) {
        this.steps.add({ do: "set", values });
        this.scanBox.focus();
    }

    /** Some places ask for a word more: the cursor is there at once. */
    setDisposition(row) {
        this.set({ disposition_id: row.id });
        this.askMore = { scrap: ".o_sale_rma_desk_scrap", customer: ".o_sale_rma_desk_ground" }[
            row.action
        ];
    }

    answer(check, ok) {
        this.set({ checks: [{ check_id: check.check_id, ok }] });
    }

    answerNext(ok) {
        const check = this.current?.piece.checks.find((one) => this.isUnanswered(one));
        if (check) {
            this.answer(check, ok);
        }
    }

    isUnanswered(check) {
        return check.answer === "yes_no" && typeof check.ok !== "boolean";
    }

    isNextCheck(check) {
        return check === this.current?.piece.checks.find((one) => this.isUnanswered(one));
    }

    undo() {
        if (this.parcel && this.parcel.state !== "unknown") {
            this.steps.add({ do: "undo" });
        }
        this.scanBox.focus();
    }

    onText(name, ev) {
        const pieceId = this.state.currentId;
        this.steps.add({ do: "set", piece_id: pieceId, values: { [name]: ev.target.value } });
    }

    onQuantity(ev) {
        const quantity = ev.target.valueAsNumber;
        if (quantity > 0) {
            this.onText("quantity", { target: { value: quantity } });
        } else {
            ev.target.value = this.current.piece.quantity;
        }
    }

    onGround(ev) {
        this.set({ scrap_ground_id: Number(ev.target.value) || false });
    }

    async onPhoto(ev) {
        const pieceId = this.state.currentId;
        for (const image of await this.readPhotos(ev)) {
            this.steps.add({ do: "photo", piece_id: pieceId, image });
        }
        this.scanBox.focus();
    }

    async readPhotos(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        const small = await Promise.all(files.map(shrinkPhoto));
        const urls = await Promise.all(small.map((file) => getDataURLFromFile(file)));
        return urls.map((url) => url.slice(url.indexOf(",") + 1));
    }

    // === WHAT IS SENT, AND WHAT COMES BACK === //

    /** Return what to send for a step, now that all before it is done. */
    resolve(step) {
        const ids = [this.parcel?.id || false];
        const make = (method, args, kwargs = {}) => ({ method, args, kwargs });
        const piece = step.piece_id || this.state.currentId;
        switch (step.do) {
            case "scan":
                return make("desk_scan", [step.code], { parcel_id: this.isOpen ? ids[0] : null });
            case "choose":
                return make("desk_choose", [step.rma_id]);
            case "match":
                return make("desk_match", [[step.parcel_id], step.rma_id]);
            case "order":
                return make("desk_open_for_order", [step.order_id]);
            case "aside":
                return make("desk_unknown", [step.note, step.images]);
            case "undo":
                return this.parcel && make("desk_undo", [ids]);
        }
        return this.isOpen && this.resolveInside(step, ids, piece, make);
    }

    resolveInside(step, ids, piece, make) {
        switch (step.do) {
            case "count":
                return make("desk_count", [ids, step.rma_line_id, step.quantity], {
                    product_id: step.product_id,
                });
            case "count_all":
                return this.parcel.lines
                    .filter((line) => line.missing > 0)
                    .map((line) => ({
                        do: "count",
                        rma_line_id: line.rma_line_id,
                        product_id: line.product_id,
                        quantity: line.missing,
                    }));
            case "select":
                this.state.currentId = step.piece_id;
                return false;
            case "first": // of what is counted at once, from the top
                this.state.currentId = findMissing(this.parcel, false)?.id || piece;
                return false;
            case "go_on":
                return this.resolveGoOn(ids, make);
        }
        if (!getPieces(this.parcel).some((one) => one.piece.id === piece)) {
            this.tell(_t("Scan a piece first."), "bad");
            return false;
        }
        return step.do === "photo"
            ? make("desk_photo", [ids, piece, step.image])
            : make("desk_set", [ids, piece, step.values]);
    }

    resolveGoOn(ids, make) {
        if (this.parcel.ready) {
            return make("desk_finish", [ids]);
        }
        const next = findMissing(this.parcel, this.state.currentId);
        if (next) {
            this.state.currentId = next.id;
            const { item } = this.current;
            this.tell(`${item.product}: ${next.missing}`, "wrong");
        } else {
            this.tell(_t("Scan what is in the parcel first."), "bad");
        }
        return false;
    }

    /** Draw what a step answered; whether it did what was meant. */
    onDone(step, result) {
        if (step.do === "scan") {
            return this.onScanned(step, result);
        }
        if (step.do === "aside") {
            this.onAside();
            return true;
        }
        const warned = this.getWarnings(this.parcel);
        this.show(result);
        if (this.askMore && step.values?.disposition_id) {
            this.focusNext = this.askMore;
            this.askMore = false;
        }
        const isWarned = this.getWarnings(result) > warned && step.do === "count";
        this.tell(result.message || this.getDoneText(step), isWarned ? "wrong" : "good");
        return true;
    }

    /** How much is wrong with a parcel. */
    getWarnings(parcel) {
        return (
            getPieces(parcel).filter(({ piece }) => piece.warning).length +
            (parcel?.extra || []).reduce((sum, item) => sum + item.counted, 0)
        );
    }

    getDoneText(step) {
        const { item, piece } = this.current || {};
        if (!piece || !["count", "set", "photo"].includes(step.do)) {
            return "";
        }
        return this.describePiece(item, piece);
    }

    describePiece(item, piece) {
        const words = [
            `${this.getQuantity(piece.quantity)} × ${item.product}`,
            this.getName("grades", piece.grade_id),
            piece.grade_id && this.getDisposition(piece)?.name,
        ];
        return words.filter(Boolean).join(", ");
    }

    onScanned(step, { parcel, choices, message, sound, kind }) {
        if (parcel) {
            this.show(parcel);
        }
        this.state.choices = choices;
        const { item, piece } = this.current || {};
        const text = parcel && piece && kind !== "parcel" ? this.describePiece(item, piece) : "";
        this.tell(message || text, sound);
        if (kind === "unknown" && !parcel) {
            this.state.panel = "find";
            this.state.query = step.code;
            this.state.found = false;
            this.find();
        }
        return sound !== "bad" && !choices.length;
    }

    // === WHAT NO SCAN FINDS === //

    openPanel(panel) {
        Object.assign(this.state, { panel, found: false, photos: [] });
        this.focusNext = `.o_sale_rma_desk_panel input`;
    }

    onQuery(ev) {
        this.state.query = ev.target.value;
        return this.find();
    }

    /** Look for orders, or for a product that was not announced, by words. */
    async find() {
        const { panel, query } = this.state;
        try {
            this.state.found =
                panel === "extra"
                    ? await this.orm.call("product.product", "name_search", [query], { limit: 8 })
                    : await this.orm.call(MODEL, "desk_find", [query]);
        } catch (error) {
            this.tell(error.data?.message || _t("No connection: try again."), "bad");
        }
    }

    openForOrder(order) {
        this.steps.add({ do: "order", order_id: order.order_id });
        this.scanBox.focus();
    }

    countExtra([productId]) {
        this.steps.add({ do: "count", rma_line_id: false, product_id: productId, quantity: 1 });
        this.scanBox.focus();
    }

    async onAsidePhoto(ev) {
        this.state.photos.push(...(await this.readPhotos(ev)));
    }

    putAside() {
        const note = document.querySelector(".o_sale_rma_desk_aside_note").value;
        this.steps.add({ do: "aside", note, images: [...this.state.photos] });
        this.scanBox.focus();
    }

    onAside() {
        Object.assign(this.state, { panel: false, photos: [], parcel: false });
        this.tell(_t("The parcel is put aside, with what is known of it."));
        this.refresh();
    }

    match(unknown) {
        Object.assign(this.state, { matching: unknown, message: false, panel: false, choices: [] });
        this.scanBox.focus();
    }

    async findReturns(code) {
        try {
            const found = await this.orm.call("sale.rma", "name_search", [code], { limit: 9 });
            this.state.choices = found.map(([id, name]) => ({ rma_id: id, name }));
            if (found.length) {
                this.tell(_t("Choose the return that this parcel is of."));
            } else {
                this.tell(_t("Nothing here has %s.", code), "bad");
            }
        } catch (error) {
            this.tell(error.data?.message || _t("No connection: try again."), "bad");
        }
    }
}

registry.category("actions").add("sale_rma_desk", ReturnsDesk);
