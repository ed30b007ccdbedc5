// An enrolled kiosk in one document: its screens are the server's own pages, carried along in every language, so that
// a visit needs no network (K18). A visit is one record, sealed for the site alone, in a queue that outlives the tab.
// Nothing of a visit stays in the document, in its history or readable in its storage (K27). Without scripts, storage
// or a safe connection the server's pages are used as they are.

import { NotSaved, fateOf, openQueue, sha256, toBase64, toHex } from "../queue.js";
import { sealer } from "../sealed_box.js";

const HOME_LANGUAGE = "vi", VIETNAM = 7 * 3600_000;
const THANKS = 5000, CHOSEN = 60_000, GHOST_TAP = 350, BEAT = 300_000, PAUSED_BEAT = 60_000, STALE = 6 * 3600_000;

const carried = document.getElementById("screens");
if (carried && window.isSecureContext && window.crypto?.subtle && "indexedDB" in window) {
  run(JSON.parse(carried.textContent)).catch(() => undefined);
}

async function run(site) {
  const { watch } = await import(site.watch);
  const close = await sealer(Uint8Array.from(atob(site.key), (letter) => letter.charCodeAt(0)));
  const sealed = (record) => close(new TextEncoder().encode(JSON.stringify(record)));
  const queue = await openQueue({
    name: "kiosk",
    server: site.server,
    seal: async (record) => (record instanceof Uint8Array ? record : sealed(record)),
    prepare: asSent,
    unattended: true,
  });
  const kiosk = new Kiosk(site, queue, sealed, watch);
  await kiosk.keepLeft();
  queue.keepSending(() => ({ url: site.responses, quarantine: site.quarantine }));
  kiosk.begin();
  keepAtHand(site).catch(() => undefined);
}

/** What is sent of a record: the box as it is, and how long it waited. Its hash comes back, never that of answers. */
async function asSent({ id, sealed, made }) {
  const box = { response_id: id, sealed: toBase64(sealed) };
  const waited_s = Math.round((Date.now() - made) / 1000);
  // Of a box that waits for a person the day alone, as the site writes it: a time would lead to who stood here.
  const completed_on = new Date(made + VIETNAM).toISOString().slice(0, 10);
  return { record: { ...box, waited_s }, expects: { sealed_sha256: await sha256(sealed) }, raw: { ...box, completed_on } };
}

class Kiosk {
  constructor(site, queue, sealed, watch) {
    Object.assign(this, { site, queue, sealed, watch, lang: HOME_LANGUAGE, screen: "attract", visit: null, paused: site.paused });
    this.loaded = Date.now();
    this.quietUntil = 0;
    this.timer = 0;
    this.stopWatch = null;
    this.parsed = new Map();
  }

  begin() {
    document.addEventListener("submit", (event) => this.onSubmit(event), { capture: true });
    for (const touch of ["pointerdown", "click"]) {
      document.addEventListener(touch, (event) => this.ignoreGhost(event), { capture: true });
    }
    document.addEventListener("change", () => this.limitChoices(), { capture: true });
    // Whoever leaves the document leaves nothing in it, also where the browser keeps it in its memory.
    addEventListener("pagehide", () => this.leave());
    addEventListener("online", () => this.beat());
    this.home();
    this.beat();
  }

  // ---- screens ----

  show(screen) {
    clearTimeout(this.timer);
    this.stopWatch?.();
    this.stopWatch = null;
    const page = this.page(screen);
    this.screen = screen;
    this.quietUntil = performance.now() + GHOST_TAP;
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.body.replaceChildren(...Array.from(page.body.childNodes, (node) => document.importNode(node, true)));
    window.scrollTo(0, 0);
    const dialog = document.getElementById("idle");
    if (dialog) this.stopWatch = this.watch(dialog, () => this.leave());
    for (const box of document.querySelectorAll("textarea[data-limit]")) box.maxLength = Number(box.dataset.limit);
    document.getElementById("main")?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("screen"));
  }

  page(screen) {
    const name = `${this.lang} ${screen}`;
    if (!this.parsed.has(name)) {
      this.parsed.set(name, new DOMParser().parseFromString(this.site.screens[this.lang][screen], "text/html"));
    }
    return this.parsed.get(name);
  }

  home() {
    this.visit = null;
    this.lang = HOME_LANGUAGE;
    this.show(this.paused ? "paused" : "attract");
    this.refresh();
  }

  after(milliseconds, deed) {
    clearTimeout(this.timer);
    this.timer = setTimeout(deed, milliseconds);
  }

  ignoreGhost(event) {
    if (performance.now() >= this.quietUntil) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  limitChoices() {
    for (const { id, most } of this.site.items.filter((item) => item.most)) {
      const boxes = [...document.getElementsByName(id)];
      const full = boxes.filter((box) => box.checked).length >= most;
      for (const box of boxes) box.disabled = full && !box.checked;
    }
  }

  // ---- a visit ----

  onSubmit(event) {
    const form = event.target;
    const step = Object.entries(this.site.steps).find(([, path]) => path === new URL(form.action).pathname)?.[0];
    const language = event.submitter?.name === "language" ? event.submitter.value : null;
    if (!step && !language) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (language) this.speak(language);
    else if (step === "begin") this.open();
    else if (step === "restart") this.leave();
    else if (step === "rate") this.rate(event.submitter?.value);
    else if (step === "send") this.send(new FormData(form), form);
  }

  speak(language) {
    if (!(language in this.site.screens)) return;
    const typed = new Map([...document.querySelectorAll("textarea")].map((box) => [box.name, box.value]));
    const ticked = new Set([...document.querySelectorAll("input:checked")].map((box) => `${box.name} ${box.value}`));
    this.lang = language;
    this.show(this.screen);
    for (const box of document.querySelectorAll("textarea")) box.value = typed.get(box.name) ?? "";
    for (const box of document.querySelectorAll("input")) if (ticked.has(`${box.name} ${box.value}`)) box.checked = true;
    this.limitChoices();
    if (this.screen === "attract" && language !== HOME_LANGUAGE) this.after(CHOSEN, () => this.home());
  }

  open() {
    this.visit = { id: newId(), begun: performance.now(), answers: {}, left: null };
    this.show("question");
  }

  rate(value) {
    if (!this.visit || !value) return this.home();
    this.visit.answers = { [this.site.first]: value };
    // Should the tab vanish, the next start finds this and keeps the visit as unfinished (K7).
    const id = newId();
    this.visit.left = this.sealed(this.record(id, "partial")).then((box) => ({ id, box }));
    this.visit.left.then((left) => this.visit && this.queue.remember("left", left)).catch(() => undefined);
    return this.show("further");
  }

  async send(data, form) {
    const visit = this.visit;
    if (!visit || visit.sending) return;
    visit.sending = true;
    for (const { id, kind } of this.site.items) {
      const given = data.getAll(id).filter((value) => value.trim());
      if (given.length) visit.answers[id] = kind === "multiple" ? given : given[0];
    }
    const record = this.record(visit.id, "complete");
    try {
      await this.queue.add({ id: visit.id, record });
    } catch (error) {
      if (!(error instanceof NotSaved) || !(await this.sentAtOnce(visit.id, record))) {
        visit.sending = false;
        return this.sayAgain(form);
      }
    }
    this.visit = null;
    await this.queue.forget("left").catch(() => undefined);
    this.show("thanks");
    this.after(THANKS, () => this.home());
  }

  /** Ends a visit before its end: by a button, by the idle timer, by leaving the page. */
  leave() {
    const left = this.visit?.left;
    this.home();
    left?.then(() => this.keepLeft()).catch(() => undefined);
  }

  async keepLeft() {
    const left = await this.queue.recall("left").catch(() => null);
    if (!left) return;
    await this.queue.add({ id: left.id, record: left.box });
    await this.queue.forget("left");
  }

  record(id, status) {
    const { device, round, questionnaire, order } = this.site;
    const duration_s = Math.round((performance.now() - this.visit.begun) / 1000);
    const answers = { ...this.visit.answers };
    return { id, device, round, questionnaire, order, status, answers, language: this.lang, duration_s };
  }

  /** The last way of a visit that the storage refuses: straight to the site, while it listens. */
  async sentAtOnce(id, record) {
    const { record: sent, expects } = await asSent({ id, sealed: await this.sealed(record), made: Date.now() });
    const { status, json } = (await posted(this.site.responses, { sent_at: Date.now(), records: [sent] })) ?? {};
    return json?.srv === this.site.server && ["sent", "held"].includes(fateOf({ ...json, status }, expects, true));
  }

  sayAgain(form) {
    if (form.querySelector(".problem")) return;
    const words = document.createElement("p");
    words.className = "problem";
    words.setAttribute("role", "alert");
    words.textContent = this.site.again[this.lang] ?? this.site.again[HOME_LANGUAGE];
    form.prepend(words);
  }

  // ---- the site ----

  /** Gives a sign of life and hears whether the kiosk is paused, moved or revoked (K10, K20). */
  async beat() {
    clearTimeout(this.beating);
    const counts = await this.queue.counts().catch(() => ({ waiting: 0, quarantined: 0, oldest: null }));
    const battery = await navigator.getBattery?.().then(({ level }) => Math.round(level * 100), () => null);
    const answer = await posted(this.site.heartbeat, {
      app_version: this.site.version,
      queue_length: counts.waiting + counts.quarantined,
      queue_oldest_h: counts.oldest === null ? null : Math.floor(counts.oldest / 3600),
      battery: battery ?? null,
    });
    if (answer?.json?.error?.code === "SVY-403-210") return window.location.replace(this.site.enrol);
    if (answer?.status === 200 && answer.json?.srv === this.site.server) this.heard(answer.json);
    this.beating = setTimeout(() => this.beat(), this.paused ? PAUSED_BEAT : BEAT);
  }

  heard({ status, round }) {
    const paused = status === "paused";
    this.moved = round !== this.site.round;
    const changed = paused !== this.paused;
    if (this.paused && !paused) return window.location.replace(this.site.steps.begin);
    this.paused = paused;
    if (!this.visit && changed && this.screen !== "thanks") this.home();
    else if (!this.visit) this.refresh();
    return undefined;
  }

  /** Fetches the document anew between two visits, where the round changed or it has grown old. */
  async refresh() {
    if (!this.moved && Date.now() - this.loaded < STALE) return;
    const answer = await fetch(this.site.steps.begin, { cache: "no-store" }).catch(() => null);
    const fresh = answer?.ok && !answer.redirected && (await answer.text()).includes('id="screens"');
    if (fresh && !this.visit) window.location.replace(this.site.steps.begin);
  }
}

/** Lets the worker keep this document and its files, the newest first. */
async function keepAtHand(site) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(site.worker);
  // All that a visit needs is in this document, so a newer worker need not wait for its end.
  registration.waiting?.postMessage("skip-waiting");
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && coming.postMessage("skip-waiting"));
  });
  await navigator.serviceWorker.ready;
  // Only beside the files of the same version: a page without its files would be of no use later.
  const shell = `shell-${site.version}`;
  const page = (await caches.has(shell)) && (await fetch(site.steps.begin, { cache: "no-store" }));
  if (page?.ok && !page.redirected) await (await caches.open(shell)).put(site.steps.begin, page);
}

async function posted(address, told) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: JSON.stringify(told),
      headers: { "Content-Type": "application/json" },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout?.(20_000),
    });
    return { status: answer.status, json: await answer.json().catch(() => null) };
  } catch {
    return null;
  }
}

const newId = () => toHex(crypto.getRandomValues(new Uint8Array(16)));
