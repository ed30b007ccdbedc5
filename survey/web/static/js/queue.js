// A queue of records that outlives the network, the tab and the battery (O1-O9). Kiosk and tablet share it.
// It never reads what is in a record: `seal` closes a record before it is stored, `prepare` makes of a sealed one
// what is sent. Not for how a form is filled, and not for how a record is sealed.
//
//   const queue = await openQueue({ name: "tablet", server: srv, seal, prepare });   // NoStorage when there is none
//   await queue.add({ id, record, about })      // sealed, stored, read back; NotSaved when that failed
//   await queue.counts()                        // { waiting, sent, quarantined, oldest }: oldest in seconds, or null
//   await queue.list()                          // [{ id, state, made, about, sentAt, receipt, code, message, tries }]
//   await queue.contents()                      // what is not sent yet, with its sealed bytes: for a file of last resort
//   await queue.send({ url, quarantine, headers })   // { done, kept, trouble, wait }: one round of sending, one at a time
//   const stop = queue.keepSending(() => ({ url, … })) // now, after every add, on network, when seen again, with back-off
//   await queue.remember(key, value); queue.recall(key); queue.forget(key)      // small things beside the records
//   queue.addEventListener("changed" | "sent" | "quarantined" | "trouble" | "clock", (event) => event.detail)
//
// seal(record, id) → Uint8Array. prepare({ id, sealed, made, about }) → { record, expects, raw }, or null for one that
// somebody else must send. `record` is put into {"sent_at": <ms of this clock>, "records": […]}; `expects` are the
// names and values that the acknowledgement must repeat, such as { sha256 }; `raw` is told of it when it cannot be
// taken, the same at every time, and is `record` where there is none. Without `prepare` a record goes out as
// {response_id, sealed: base64} and { sealed_sha256 } must come back.
// unattended: nobody at this device could do anything about a record that the server holds for a person, so its content
// is wiped too, once the server acknowledged that it has it; else it stays in the list until its device is emptied.
// The server answers 200 {"srv", "results": [{"response_id", "status", …}]}, or for one record 201 {"srv", …}.
// A record leaves the queue only after 201 with the server's own name and what was expected; then its content is
// wiped and its receipt stays seven days. A refusal is believed only with that name or a code of this site. Trouble is
// "network", "server", "portal" (the network wants a sign-in page), "sign-in" (401, 403), "locked" (prepare could not
// open a record) or "refused" (a 4xx that nobody foresaw).

const DAY = 86_400_000;
export const SENT_KEPT_DAYS = 7;
const FIRST_WAIT = 5, LONGEST_WAIT = 300, LONGEST_ASKED = 3600;
const BATCH = 25, BATCH_BYTES = 512 * 1024, PATIENCE = 60_000;
const ACCEPTED = 201;
/** The server has the record, or cannot take it: it waits for a person here and there. */
const FOR_A_PERSON = new Set([202, 409, 413, 422]);
/** Codes of this site's errors: what else answers in its place knows none. */
const OUR_CODE = /^SVY-\d{3}-\d+$/;

export class NoStorage extends Error {}
export class NotSaved extends Error {}

/** Gives seconds until the next try: what the server asked for (and up to 20 % more), else 5·2ⁿ up to five minutes, ±20 %. */
export function waitAfter(failures, asked = 0, random = Math.random) {
  if (asked) return Math.min(asked, LONGEST_ASKED) * (1 + 0.2 * random());
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 10)) * (0.8 + 0.4 * random());
}

/** Says what an answer to a whole request means: "read" its results, "split" it, or why everything is kept. */
export function meaningOf({ status, redirected, type, json, server }, records) {
  if (redirected || type === "opaqueredirect" || (status >= 300 && status < 400)) return "portal";
  if ([408, 425, 429].includes(status) || status >= 500) return "server";
  if (json === null) return "portal";
  if ([400, 409, 413, 422].includes(status) && records > 1) return "split";
  const ours = json.srv === server;
  if (!ours && !OUR_CODE.test(json.error?.code ?? json.code)) return "portal";
  if (status === 401 || status === 403) return "sign-in";
  if (status === 200 || status === ACCEPTED) return ours ? "read" : "portal";
  return FOR_A_PERSON.has(status) && records === 1 ? "read" : "refused";
}

/** Says what becomes of one record: "sent", "quarantined" or "kept"; without anybody at the device "held" lets it go. */
export function fateOf(result, expects, unattended = false) {
  if (!result) return "kept";
  const itsOwn = Object.entries(expects).every(([name, value]) => value && result[name] === value);
  if (result.status === ACCEPTED) return itsOwn ? "sent" : "kept";
  if (!FOR_A_PERSON.has(result.status)) return "kept";
  return unattended && itsOwn && result.quarantined === true ? "held" : "quarantined";
}

export function toBase64(bytes) {
  let letters = "";
  for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(letters);
}

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function sha256(bytes) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The way of a queue that cannot open its own records: the sealed box goes out, its hash comes back. */
async function asSealed({ id, sealed }) {
  return { record: { response_id: id, sealed: toBase64(sealed) }, expects: { sealed_sha256: await sha256(sealed) } };
}

export async function openQueue(options) {
  const queue = new Queue(options);
  await queue.begin();
  return queue;
}

class Queue extends EventTarget {
  constructor({ name, server, seal, prepare = asSealed, unattended = false, now = () => Date.now() }) {
    super();
    Object.assign(this, { name, server, seal, prepare, unattended, now, database: null, failures: 0, runSoon: null, offset: null });
  }

  /** Opens the database and proves that it keeps what it is given. */
  async begin() {
    try {
      const probe = `probe-${this.now()}-${Math.random()}`;
      await this.remember(probe, probe);
      if ((await this.recall(probe)) !== probe) throw new Error("the database forgot");
      await this.forget(probe);
    } catch (error) {
      throw new NoStorage(String(error));
    }
    const storage = navigator.storage;
    this.persistent = storage?.persist ? await storage.persist().catch(() => false) : false;
    await this.prune();
  }

  async add({ id, record, about = null }) {
    const sealed = new Uint8Array(await this.seal(record, id));
    const entry = { id, state: "waiting", made: this.now(), about, sealed, tries: 0 };
    try {
      const there = await this.work("records", "readwrite", async (store) => {
        const found = await done(store.get(id));
        if (!found) store.add(entry);
        return found;
      });
      const kept = await this.work("records", "readonly", (store) => done(store.get(id)));
      if (!there && !(kept && same(kept.sealed, sealed))) throw new Error("what was read is not what was written");
    } catch (error) {
      throw new NotSaved(String(error));
    }
    await this.changed();
    this.runSoon?.();
  }

  async all() {
    return this.work("records", "readonly", (store) => done(store.getAll()));
  }

  async list() {
    const entries = await this.all();
    return entries.map(({ sealed: _, ...told }) => told).sort((one, other) => other.made - one.made);
  }

  async contents() {
    return (await this.all()).filter((entry) => entry.sealed);
  }

  async counts() {
    const counts = { waiting: 0, sent: 0, quarantined: 0, oldest: null };
    for (const { state, made } of await this.all()) {
      counts[state] += 1;
      if (state === "waiting") counts.oldest = Math.max(counts.oldest ?? 0, Math.round((this.now() - made) / 1000));
    }
    return counts;
  }

  remember(key, value) {
    return this.work("kept", "readwrite", (store) => done(store.put(value, key)));
  }

  recall(key) {
    return this.work("kept", "readonly", (store) => done(store.get(key)));
  }

  forget(key) {
    return this.work("kept", "readwrite", (store) => done(store.delete(key)));
  }

  /** Drops receipts after seven days; a record that is not acknowledged is never dropped. */
  async prune() {
    const before = this.now() - SENT_KEPT_DAYS * DAY;
    await this.work("records", "readwrite", async (store) => {
      for (const { id, state, sentAt } of await done(store.getAll())) {
        if (state === "sent" && sentAt < before) store.delete(id);
      }
    });
  }

  /** Sends what waits, once through; another tab that is sending already goes on alone. */
  async send(target) {
    const report = await alone(`queue:${this.name}`, () => this.sendAll(target));
    return report ?? { done: 0, kept: 0, trouble: null, wait: FIRST_WAIT };
  }

  async sendAll(target) {
    const report = { done: 0, kept: 0, trouble: null, asked: 0 };
    const waiting = (await this.all()).filter(({ state }) => state === "waiting").sort((a, b) => a.made - b.made);
    const ready = [];
    for (const entry of waiting) {
      try {
        const prepared = await this.prepare(entry);
        if (prepared) ready.push({ entry, ...prepared, text: JSON.stringify(prepared.record) });
      } catch {
        report.trouble = "locked";
        report.kept += 1;
      }
    }
    for (let size = BATCH; ready.length; ) {
      const batch = taken(ready, size);
      const { meaning, results, asked } = await this.post(target, batch);
      if (meaning === "split") {
        size = Math.max(1, batch.length >> 1);
      } else if (meaning === "read" || (meaning === "refused" && batch.length === 1)) {
        await this.settle(ready.splice(0, batch.length), results, report, meaning);
        if (meaning === "refused") report.trouble = meaning;
      } else {
        Object.assign(report, { trouble: meaning, asked, kept: report.kept + ready.length });
        break;
      }
    }
    await this.tellOfQuarantined(target);
    await this.prune();
    this.failures = report.trouble || report.kept ? this.failures + 1 : 0;
    report.wait = waitAfter(Math.max(0, this.failures - 1), report.asked);
    if (report.trouble) this.tell("trouble", { kind: report.trouble, wait: report.wait });
    await this.changed();
    return report;
  }

  async post({ url, headers = {} }, batch) {
    const answer = await ask(url, `{"sent_at":${this.now()},"records":[${batch.map(({ text }) => text).join(",")}]}`, {
      "Content-Type": "application/json",
      ...(batch.length === 1 ? { "Idempotency-Key": batch[0].entry.id } : {}),
      ...headers,
    });
    if (!answer) return { meaning: "network", asked: 0 };
    const meaning = meaningOf({ ...answer, server: this.server }, batch.length);
    if (meaning === "read" || meaning === "sign-in") this.measure(answer.date);
    const single = batch.length === 1 && !Array.isArray(answer.json?.results);
    const one = single && { ...answer.json, ...answer.json?.error, response_id: batch[0].entry.id, status: answer.status };
    return { meaning, asked: answer.asked, results: single ? [one] : answer.json?.results };
  }

  async settle(batch, results, report) {
    const byId = new Map((results ?? []).map((result) => [result?.response_id, result]));
    for (const { entry, expects } of batch) {
      const result = byId.get(entry.id);
      const fate = fateOf(result, expects, this.unattended);
      report[fate === "kept" ? "kept" : "done"] += 1;
      await this.become(entry.id, fate, result ?? {});
    }
  }

  /** Writes down what became of a record. Only the acknowledged one loses its content, and after its receipt is kept. */
  async become(id, fate, { receipt, code, message, status, quarantined }) {
    await this.work("records", "readwrite", async (store) => {
      const entry = await done(store.get(id));
      if (!entry || entry.state !== "waiting") return;
      if (fate === "sent" || fate === "held") store.put(this.wiped(entry, receipt));
      else {
        const told = quarantined === true || status === 202;
        const state = fate === "quarantined" ? { state: "quarantined", told } : {};
        store.put({ ...entry, ...state, code, message, tries: entry.tries + 1 });
      }
    });
    if (fate !== "kept") this.tell(fate === "held" ? "quarantined" : fate, { id, receipt, code, message });
  }

  /** What stays of a record that the server has. */
  wiped({ id, made, about }, receipt) {
    return { id, state: "sent", made, about, sentAt: this.now(), receipt };
  }

  /** Gives the server the raw record that it could not take, once (O4). */
  async tellOfQuarantined({ quarantine, headers = {} }) {
    if (!quarantine) return;
    for (const entry of (await this.all()).filter(({ state, told }) => state === "quarantined" && !told)) {
      const prepared = await this.prepare(entry).catch(() => null);
      if (!prepared) continue;
      const raw = JSON.stringify(prepared.raw ?? prepared.record);
      const answer = await ask(quarantine, raw, { "Content-Type": "application/json", ...headers });
      const hash = await sha256(new TextEncoder().encode(raw));
      if (!answer || answer.json?.srv !== this.server) return;
      if (answer.status !== ACCEPTED || answer.json.raw_sha256 !== hash) continue;
      await this.work("records", "readwrite", async (store) => {
        const now = await done(store.get(entry.id));
        if (now?.state === "quarantined") store.put(this.unattended ? this.wiped(now) : { ...now, told: true });
      });
    }
  }

  /** Sends until nothing waits, with back-off between; gives a function that stops it. */
  keepSending(target) {
    let timer = 0, stopped = false, running = false;
    const run = async () => {
      if (stopped || running) return;
      clearTimeout(timer);
      running = true;
      let wait = FIRST_WAIT;
      try {
        if ((await this.counts()).waiting) ({ wait } = await this.send(await target()));
        if (!stopped && (await this.counts()).waiting) timer = setTimeout(run, wait * 1000);
      } catch {
        timer = setTimeout(run, LONGEST_WAIT * 1000);
      } finally {
        running = false;
      }
    };
    const again = () => {
      if (document.visibilityState === "visible") run();
    };
    this.runSoon = () => setTimeout(run, 0);
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    run();
    return () => {
      stopped = true;
      this.runSoon = null;
      clearTimeout(timer);
      removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
    };
  }

  /** Notes how far this clock is ahead of the server's, in seconds (O6). */
  measure(date) {
    if (!date) return;
    this.offset = Math.round((Date.now() - date) / 1000);
    this.tell("clock", { offset: this.offset });
  }

  async changed() {
    this.tell("changed", await this.counts());
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Works in one transaction, durably; a lost connection is opened again (iOS closes it in the background). */
  async work(place, mode, job, again = 2) {
    try {
      this.database ??= await opened(this.name, () => (this.database = null));
      const transaction = this.database.transaction(place, mode, { durability: "strict" });
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
      });
      ended.catch(() => {});
      const result = await job(transaction.objectStore(place));
      await ended;
      return result;
    } catch (error) {
      if (!again || error.name === "QuotaExceededError") throw error;
      this.database?.close();
      this.database = null;
      return this.work(place, mode, job, again - 1);
    }
  }
}

function opened(name, lost) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("records", { keyPath: "id" });
      request.result.createObjectStore("kept");
    };
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
    request.onsuccess = () => {
      request.result.onclose = lost;
      request.result.onversionchange = () => (request.result.close(), lost());
      resolve(request.result);
    };
  });
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const same = (one, other) => one?.length === other.length && one.every((byte, at) => byte === other[at]);

/** Runs a job unless another tab of this browser is at it. */
async function alone(name, job) {
  return navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? job() : null)) : job();
}

/** Takes the first records that fit into one request. */
function taken(ready, size) {
  let bytes = 0;
  const end = ready.findIndex(({ text }, at) => at >= size || (at && bytes + text.length * 3 > BATCH_BYTES) || ((bytes += text.length * 3), false));
  return end < 0 ? ready.slice() : ready.slice(0, end);
}

/** Posts; gives null when the network failed. A redirect is not followed: a sign-in page is not our server. */
async function ask(url, body, headers) {
  try {
    const options = { method: "POST", body, headers, redirect: "manual", cache: "no-store", credentials: "same-origin" };
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout?.(PATIENCE) });
    const told = response.headers;
    const isJson = (told.get("Content-Type") ?? "").startsWith("application/json");
    const json = isJson ? await response.json().catch(() => null) : null;
    return {
      status: response.status,
      redirected: response.redirected,
      type: response.type,
      json: json && typeof json === "object" ? json : null,
      date: Date.parse(told.get("Date") ?? "") || 0,
      asked: secondsOf(told.get("Retry-After")),
    };
  } catch {
    return null;
  }
}

function secondsOf(asked) {
  if (!asked) return 0;
  return /^\d+$/.test(asked) ? Number(asked) : Math.max(0, (Date.parse(asked) - Date.now()) / 1000) || 0;
}
