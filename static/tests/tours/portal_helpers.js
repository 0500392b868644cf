const CLOCK = "sale_rma_tour_clock";

function readClock() {
    return JSON.parse(sessionStorage.getItem(CLOCK) || '{"taps": 0, "start": 0}');
}

function countTap() {
    const clock = readClock();
    clock.taps++;
    clock.start ||= Date.now();
    sessionStorage.setItem(CLOCK, JSON.stringify(clock));
}

/** A step in which the customer taps once. The clock of the tour begins with the first. */
export function tap(content, trigger, options = {}) {
    return {
        content,
        trigger,
        async run(helpers) {
            countTap();
            await helpers.click();
        },
        ...options,
    };
}

/** A step in which the customer types, after the tap that it takes to get there. */
export function type(content, trigger, text) {
    return {
        content,
        trigger,
        async run(helpers) {
            countTap();
            await helpers.edit(text);
        },
    };
}

/** A step in which the customer adds a photo from the camera: one tap, and the telephone's own. */
export function addPhoto(content, trigger) {
    return {
        content,
        trigger,
        async run({ anchor }) {
            countTap();
            const canvas = document.createElement("canvas");
            canvas.width = 3000;
            canvas.height = 2000;
            canvas.getContext("2d").fillRect(0, 0, 3000, 2000);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const transfer = new DataTransfer();
            transfer.items.add(new File([blob], "camera.png", { type: "image/png" }));
            anchor.files = transfer.files;
            anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

/** A step that only looks. */
export function see(content, trigger) {
    return { content, trigger };
}

/** The last step: tell taps and seconds, and fail where it took more than it should. */
export function tellClock(name, { taps: mostTaps, seconds: mostSeconds = 60 }) {
    return {
        content: "Taps and seconds",
        trigger: "body",
        run() {
            const { taps, start } = readClock();
            const seconds = (Date.now() - start) / 1000;
            console.log(`sale_rma, ${name}: ${taps} taps, ${seconds.toFixed(1)} seconds`);
            if (taps > mostTaps || seconds > mostSeconds) {
                throw new Error(`At most ${mostTaps} taps and ${mostSeconds} seconds are wanted.`);
            }
        },
    };
}
