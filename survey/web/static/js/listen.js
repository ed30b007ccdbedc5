// Reads questions aloud when somebody asks: recordings where there are, else the device's own Vietnamese voice,
// else there is no button. Nothing sounds by itself, and everything can be stopped (WCAG 1.4.2, K17).

let template = null;
let shown = new AbortController();
const WORDS = "[data-say], legend, .question .label, .hint, .option";
const DIALOG = "#idle [data-say]";
const LISTENED = "listened";

const player = new Audio();
player.preload = "none";
let saying = null;

const voice = () =>
  "speechSynthesis" in window
    ? speechSynthesis.getVoices().find((one) => one.lang.replace("_", "-").toLowerCase().startsWith("vi"))
    : undefined;

function clips(element) {
  const marked = element.matches("[data-s]") ? element : element.querySelector("[data-s]");
  const lang = (marked || element.querySelector("[lang]") || element).closest("[lang]").lang;
  const said = { element, sound: marked?.dataset.s, lang, words: element.textContent.trim() };
  const { face, faceS, faceLang } = element.dataset;
  return face ? [{ element, sound: faceS, lang: faceLang, words: face, spare: true }, said] : [said];
}

const audible = (clip) => Boolean(clip.sound || (clip.lang === "vi" && voice()));

// All of a question or nothing: an answer left unsaid would be chosen less. Hints and faces may be left out.
function playlist(scope) {
  const shown = [...scope.querySelectorAll(WORDS)].filter(
    (element) => !element.closest("dialog") && !element.classList.contains("visually-hidden") && element.getClientRects().length,
  );
  const all = shown.flatMap(clips).filter((clip) => clip.words);
  const needed = all.filter((clip) => !clip.spare && !clip.element.classList.contains("hint"));
  return needed.length && needed.every(audible) ? all.filter(audible) : [];
}

function utter(clip) {
  return new Promise((done) => {
    if (clip.sound) {
      player.onended = player.onerror = done;
      player.src = clip.sound;
      player.play().catch(done);
    } else {
      const speech = new SpeechSynthesisUtterance(clip.words);
      speech.voice = voice();
      speech.lang = "vi-VN";
      speech.onend = speech.onerror = done;
      speechSynthesis.speak(speech);
    }
  });
}

function stop() {
  saying?.end();
  saying = null;
  for (const element of document.querySelectorAll(".is-said")) element.classList.remove("is-said");
  player.pause();
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

async function say(list, end) {
  stop();
  const mine = { end };
  saying = mine;
  for (const clip of list) {
    if (saying !== mine) return;
    clip.element.classList.add("is-said");
    await utter(clip);
    clip.element.classList.remove("is-said");
  }
  if (saying === mine) stop();
}

function place(scope, put) {
  const button = template.content.firstElementChild.cloneNode(true);
  const [start, halt] = button.querySelectorAll(":scope > span");
  const told = (on) => {
    start.hidden = on;
    halt.hidden = !on;
    button.classList.toggle("is-on", on);
  };
  const look = () => {
    button.hidden = playlist(scope).length === 0;
  };
  button.addEventListener("click", () => {
    if (button.classList.contains("is-on")) return stop();
    sessionStorage.setItem(LISTENED, "yes");
    say(playlist(scope), () => told(false));
    return told(true);
  });
  look();
  if ("speechSynthesis" in window) {
    speechSynthesis.addEventListener("voiceschanged", look, { signal: shown.signal });
  }
  put(button);
}

// Once for a page, and again for each screen of an enrolled kiosk, whose screens share one document (kiosk/visit.js).
function begin() {
  stop();
  shown.abort();
  shown = new AbortController();
  template = document.getElementById("listen");
  if (template && "all" in template.dataset) {
    const main = document.querySelector("main");
    place(main, (button) => template.before(button));
    // A kiosk fetches its clips at once, so that the first word comes without waiting.
    for (const clip of playlist(main)) if (clip.sound) fetch(clip.sound).catch(() => undefined);
  } else if (template) {
    for (const question of document.querySelectorAll("form .question")) {
      const words = question.querySelector("legend, .label");
      place(question, (button) => words.after(button));
    }
  }

  // The shared screen's warning is spoken to those who listened before; its first screen forgets that they did.
  const dialog = document.getElementById("idle");
  if (dialog) {
    new MutationObserver(() => {
      if (!dialog.open) return stop();
      const warning = [...document.querySelectorAll(DIALOG)].flatMap(clips).filter(audible);
      if (sessionStorage.getItem(LISTENED)) say(warning, () => undefined);
      return undefined;
    }).observe(dialog, { attributeFilter: ["open"] });
  } else if (document.body.dataset.start) sessionStorage.removeItem(LISTENED);
}

begin();
document.addEventListener("screen", begin);
window.addEventListener("pagehide", stop);
