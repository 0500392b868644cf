import { browser } from "@web/core/browser/browser";

/** Notes of each sound: frequency in Hz, when it starts and how long it lasts, in seconds. */
const SOUNDS = {
    good: { type: "sine", notes: [[1047, 0, 0.09], [1568, 0.08, 0.12]] },
    wrong: { type: "triangle", notes: [[523, 0, 0.14], [392, 0.15, 0.14], [523, 0.3, 0.2]] },
    bad: { type: "sawtooth", notes: [[196, 0, 0.18], [147, 0.2, 0.35]] },
};
const VOLUME = 0.2;

/** Sounds made by the browser itself: whoever looks at the parcel hears what became of a scan. */
export class Sounds {
    /** @param {string} key where it is remembered whether they are on */
    constructor(key, isOnAtFirst) {
        this.key = key;
        const remembered = browser.localStorage.getItem(key);
        this.isOn = remembered === null ? isOnAtFirst : remembered === "1";
    }

    toggle() {
        this.isOn = !this.isOn;
        browser.localStorage.setItem(this.key, this.isOn ? "1" : "0");
    }

    /** @param {"good"|"bad"|"wrong"} name */
    play(name) {
        const sound = SOUNDS[name];
        const Context = window.AudioContext;
        if (!this.isOn || !sound || !Context) {
            return;
        }
        this.context ||= new Context();
        // browsers keep it silent until a key was pressed
        this.context.resume?.().catch(() => {});
        for (const [frequency, start, length] of sound.notes) {
            const begin = this.context.currentTime + start;
            const oscillator = this.context.createOscillator();
            const gain = this.context.createGain();
            oscillator.type = sound.type;
            oscillator.frequency.value = frequency;
            gain.gain.setValueAtTime(VOLUME, begin);
            gain.gain.exponentialRampToValueAtTime(0.001, begin + length);
            oscillator.connect(gain).connect(this.context.destination);
            oscillator.start(begin);
            oscillator.stop(begin + length);
        }
    }
}
