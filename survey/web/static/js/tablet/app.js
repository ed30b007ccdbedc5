// The enumerators' page: sign in, assignments, interviews, the queue. Everything works without a network (O10);
// what needs one happens when there is one. Screens are in templates/tablet/app.html, and so are all words.

import { NoStorage, openQueue, toBase64 } from "../queue.js";
import { answerText, el, question, said, summary, typedIn } from "./form.js";
import { Interview } from "./interview.js";
import { digestOf } from "./routing.js";
import { TooLong, exported, fromBase64, unlock, welcome, WrongPassword } from "./vault.js";

const API = "/api/v1", HOUR = 3_600_000, SIGN_EVERY = 300_000, WARN_DAYS = 3, ALARM_DAYS = 5;
const page = document.body.dataset;
const here = { queue: null, vault: null, work: null, interview: null, problems: [], typed: null, trouble: null, stop: null, unread: false };
const $ = (id) => document.getElementById(id);
const shellLanguage = document.documentElement.lang;

function word(name, count) {
  const found = document.querySelector(`#words [data-word="${name}"]`)?.textContent.trim() ?? name;
  return count === undefined ? found : found.replace("#", new Intl.NumberFormat(shellLanguage).format(count));
}

const notice = (tone, ...text) => el("div", { class: `notice is-${tone}`, role: tone === "bad" ? "alert" : "status" }, el("div", {}, text.map((one) => el("p", {}, one))));

/** Asks the server; null when there is none, or when somebody else answered (a sign-in page of the network). */
async function ask(path, body, grant = here.vault?.profile.grant) {
  const headers = { Accept: "application/json", ...(grant && { Authorization: `Bearer ${grant}` }) };
  const post = body && { method: "POST", body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json" } };
  try {
    const answer = await fetch(API + path, { headers, ...post, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(20_000) });
    const text = await answer.text();
    return { status: answer.status, text, json: JSON.parse(text) };
  } catch {
    return null;
  }
}

const isOurs = (answer) => answer?.json?.srv === page.server || /^SVY-/.test(answer?.json?.error?.code ?? "");

// ---- signing in

async function signIn(event) {
  event.preventDefault();
  const form = event.target, login = form.login.value.trim().toLowerCase(), password = form.password.value;
  $("sign-in-problem").replaceChildren();
  form.querySelector("button").disabled = true;
  try {
    const answer = await ask("/tablet/sign-in", { login, password });
    if (isOurs(answer) && answer.status !== 200 && answer.status < 500) throw new Error(said(answer.json.error.message, shellLanguage));
    const online = isOurs(answer) && answer.status === 200;
    here.vault = online ? await welcome(here.queue, answer.json, password, page.device, giveBack) : await unlock(here.queue, login, password, Date.now());
    form.password.value = "";
    await begin();
  } catch (error) {
    const known = error instanceof WrongPassword ? word("wrong-password") : error instanceof TooLong ? word("sign-in-ended") : error.message;
    $("sign-in-problem").replaceChildren(notice("bad", known));
  }
  form.querySelector("button").disabled = false;
}

/** Asks the server for the key of somebody whose password was changed; null when it cannot open it either. */
async function giveBack(escrow, grant) {
  const answer = await ask("/tablet/former-key", { sealed: toBase64(escrow) }, grant);
  if (isOurs(answer) && answer.status === 200) return fromBase64(answer.json.key);
  if (isOurs(answer) && answer.status === 422) return null;
  throw new Error(word("key-not-back"));
}

/** Opens what was fetched before; what does not open is fetched anew, and until then the enumerator is told. */
async function begin() {
  const sealed = await here.queue.recall(`work:${here.vault.login}`);
  const work = sealed ? await here.vault.open(sealed, "work").catch(() => null) : null;
  here.work = work ?? { assignments: [], rounds: {} };
  here.unread = Boolean(sealed && !work);
  here.stop = here.queue.keepSending(() => target());
  go("home");
  await refreshWork();
  sign();
}

function lock() {
  here.stop?.();
  Object.assign(here, { vault: null, work: null, interview: null, problems: [], typed: null, stop: null });
  go("sign-in");
}

const target = () => ({ url: `${API}/sync`, quarantine: `${API}/quarantine`, headers: { Authorization: `Bearer ${here.vault?.profile.grant}` } });

/** Fetches assignments and questionnaires; each questionnaire must have the hash that names it (O12). */
async function refreshWork() {
  const vault = here.vault, answer = await ask("/tablet/work");
  if (!vault || answer?.status !== 200 || !isOurs(answer)) return;
  const work = answer.json;
  for (const { questionnaire } of Object.values(work.rounds)) {
    if (await here.queue.recall(`questionnaire:${questionnaire}`)) continue;
    const got = await ask(`/tablet/questionnaires/${questionnaire}`);
    const right = got?.status === 200 && (await digestOf(new TextEncoder().encode(got.text))) === questionnaire;
    if (right) await here.queue.remember(`questionnaire:${questionnaire}`, got.text);
  }
  await here.queue.remember(`work:${vault.login}`, await vault.seal(work, "work"));
  if (here.vault !== vault) return;
  Object.assign(here, { work, unread: false });
  if (route()[0] === "home") show();
}

async function documentOf(sha256) {
  const text = await here.queue.recall(`questionnaire:${sha256}`);
  return text ? JSON.parse(text) : null;
}

// ---- screens: the address after # says which, so that the tablet's Back goes back

const route = () => location.hash.slice(2).split("/");

function go(...parts) {
  const address = `#/${parts.join("/")}`;
  if (location.hash === address) show();
  else location.hash = address;
}

const SCREENS = { "sign-in": showSignIn, home: showHome, form: showForm, review: showReview, done: showDone, queue: showQueue };

async function show() {
  let [name, part] = route();
  if (!here.vault) name = "sign-in";
  else if (!SCREENS[name] || name === "sign-in" || (["form", "review"].includes(name) && !here.interview)) name = "home";
  for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== name;
  $("lock").hidden = !here.vault;
  await SCREENS[name](part);
  if (!$("error-summary")) window.scrollTo(0, 0);
}

async function showSignIn() {
  const last = await here.queue.recall("last");
  const { login } = $("sign-in").querySelector("form");
  if (last && !login.value) login.value = last;
}

async function showHome() {
  const { queue, vault, work } = here;
  const [counts, listed, draft] = [await queue.counts(), await queue.list(), await Interview.underWay(queue, vault)];
  $("person").textContent = vault.profile.full_name;
  const aside = await Interview.aside(queue, vault.login);
  $("home-notices").replaceChildren(...warnings(counts), ...closedToUs(listed, aside));
  $("home-queue").textContent = word("waiting", counts.waiting);
  $("under-way").replaceChildren(...(draft ? [underWay(draft)] : []));
  const waiting = (id) => listed.filter((entry) => entry.state === "waiting" && entry.about.assignment === id).length;
  const cards = work.assignments.map((one) => assignmentCard(one, work.rounds[one.round], waiting(one.id), Boolean(draft)));
  const none = here.unread ? [] : [el("li", {}, notice("info", word("no-assignments")))];
  $("assignments").replaceChildren(...(cards.length ? cards : none));
}

function warnings({ waiting, oldest, quarantined }) {
  const days = (oldest ?? 0) / 86_400, found = [];
  if (waiting && days >= ALARM_DAYS) found.push(notice("bad", word("alarm-days", Math.floor(days))));
  else if (waiting && days >= WARN_DAYS) found.push(notice("warn", word("warn-days", Math.floor(days))));
  if (quarantined) found.push(notice("warn", word("some-quarantined", quarantined)));
  if (!here.queue.persistent) found.push(notice("info", word("not-persistent")));
  if (here.trouble) found.push(notice("warn", word(`trouble-${here.trouble}`)));
  return found;
}

/** Says what of this enumerator's is on the tablet and does not open: nothing of it is lost or written over. */
function closedToUs(listed, aside) {
  const { vault, unread } = here, found = [];
  const shut = listed.filter(({ state, about }) => state === "waiting" && about.login === vault.login && about.key !== vault.id);
  if (unread) found.push(notice("warn", word("work-unread")));
  if (aside) found.push(notice("warn", word("drafts-aside", aside)));
  if (shut.length) found.push(notice("warn", word("former-password", shut.length)));
  return found;
}

function underWay(draft) {
  const proceed = el("button", { class: "button", type: "button" }, word("continue"));
  proceed.onclick = () => open(draft);
  const drop = el("button", { class: "button is-second", type: "button" }, word("drop"));
  drop.onclick = async () => {
    if (!confirm(word("drop-sure"))) return;
    await here.queue.forget(`draft:${here.vault.login}`);
    show();
  };
  const where = `${draft.assignment.place} · ${draft.assignment.unit}`;
  return el("div", { class: "card" }, el("h2", {}, word("under-way")), el("p", {}, where), el("div", { class: "buttons" }, proceed, drop));
}

function assignmentCard(one, round, waiting, busy) {
  const done = one.done + waiting, today = new Date(Date.now() - (here.queue.offset ?? 0) * 1000).toLocaleDateString("sv", { timeZone: "Asia/Ho_Chi_Minh" });
  const isOpen = round.open && round.opens_on <= today && today <= round.closes_on;
  const facts = [
    el("p", { class: "place" }, one.place),
    el("p", { class: "soft" }, `${one.unit} · ${said(round.title, shellLanguage)}`),
    el("p", {}, `${word("done", done)}/${one.wanted}`, done > one.wanted && el("span", { class: "chip" }, word("over"))),
    one.due_on && el("p", { class: "soft" }, `${word("due")} ${one.due_on.split("-").reverse().join("/")}`),
    round.simulated && el("p", { class: "soft" }, word("simulated")),
  ];
  if (!isOpen) return el("li", { class: "card" }, facts, el("p", { class: "soft" }, word("closed")));
  const start = el("button", { class: "button", type: "button", disabled: busy }, word("new-interview"));
  start.onclick = () => startAt(one);
  return el("li", { class: "card" }, facts, start);
}

// ---- an interview

async function startAt({ id, round, place, unit }) {
  const questionnaire = here.work.rounds[round].questionnaire, asked = await documentOf(questionnaire);
  if (!asked) return $("home-notices").replaceChildren(notice("bad", word("no-questionnaire")));
  here.interview = Interview.begin(here.queue, here.vault, asked, { id, round, place, unit, questionnaire }, "vi");
  here.problems = [];
  await keep();
  go("form", 0);
}

async function open(draft) {
  const asked = await documentOf(draft.assignment.questionnaire);
  here.interview = new Interview(here.queue, here.vault, asked, draft);
  here.problems = [];
  go("form", draft.at);
}

/** Keeps the draft and says whether it is kept: never silently not (F23). */
async function keep() {
  const sign = $("saved");
  sign.textContent = word("saving");
  try {
    await here.interview?.save();
    sign.textContent = word("saved");
    sign.className = "soft";
    return true;
  } catch {
    sign.textContent = word("not-saved");
    sign.className = "problem";
    return false;
  }
}

async function showForm(part) {
  const { interview } = here, { steps } = interview.path;
  const at = Math.min(Math.max(0, Number(part) || 0), steps.length - 1), { section, items } = steps[at];
  const { language } = interview.draft;
  interview.draft.at = at;
  const wrong = new Map(here.problems.map(({ item, code, limit }) => [item.id, word(`problem-${code}`, limit)]));
  const shown = (item) => (wrong.has(item.id) ? here.typed?.get(item.id) : interview.answers.get(item.id));
  const form = el("form", { id: "answers", novalidate: true }, items.map((item) => question(interview.document, item, shown(item), wrong.get(item.id), language, word)));
  form.append(el("div", { class: "buttons" }, el("button", { class: "button" }, word("next")), languageButton()));
  $("form-head").replaceChildren(
    ...(wrong.size ? [summary([...wrong].map(([item, text]) => ({ item, text })), word)] : []),
    el("p", { class: "progress" }, `${word("part")} ${at + 1}/${steps.length} · ${interview.draft.assignment.place}`),
    el("h1", {}, said(section.title, language)),
    section.intro ? el("p", { class: "lead" }, said(section.intro, language)) : "",
  );
  $("form-body").setAttribute("lang", language);
  $("form-body").replaceChildren(form);
  $("form-back").onclick = () => history.back();
  form.onsubmit = (event) => next(event, at);
  let waiting = 0;
  form.oninput = () => {
    $("saved").textContent = word("saving");
    clearTimeout(waiting);
    waiting = setTimeout(() => taken(form, at), form.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA" ? 500 : 0);
  };
  $("error-summary")?.focus();
}

/** Takes what stands on the page as it is; a question that follows from it appears at once. */
async function taken(form, at) {
  if (!form.isConnected || !here.interview) return;
  const before = here.interview.path.steps[at].items;
  here.interview.take(before, typedIn(form, before));
  await keep();
  const after = here.interview.path.steps[at]?.items ?? [];
  if (before.length === after.length && before.every((item, place) => item === after[place])) return;
  const focused = document.activeElement, kept = focused?.name && [focused.name, focused.value];
  await showForm(at);
  if (kept) [...$("answers").elements].find((control) => control.name === kept[0] && (control.type === "textarea" || control.value === kept[1]))?.focus();
}

async function next(event, at) {
  event.preventDefault();
  const { interview } = here, items = interview.path.steps[at].items;
  here.typed = typedIn(event.target, items);
  here.problems = interview.take(items, here.typed);
  await keep();
  if (here.problems.length) return showForm(at);
  const { steps } = interview.path;
  const section = steps[at]?.section, news = steps[at]?.items.some((item) => !items.includes(item));
  if (section && news) return showForm(at);
  if (at + 1 < steps.length) go("form", at + 1);
  else go("review");
}

function languageButton() {
  const { draft } = here.interview, other = draft.language === "vi" ? "en" : "vi";
  if (!here.interview.document.languages.includes(other)) return "";
  const button = el("button", { class: "button is-second", type: "button", lang: other }, other === "en" ? "English" : "Tiếng Việt");
  button.onclick = () => {
    const at = draft.at, { items } = here.interview.path.steps[at];
    here.interview.take(items, typedIn($("answers"), items));
    draft.language = other;
    keep();
    showForm(at);
  };
  return button;
}

async function showReview(_part, problem) {
  const { interview } = here, { steps, kept } = interview.path, { language } = interview.draft;
  $("review-problem").replaceChildren(...(problem ? [notice("bad", problem)] : []));
  $("review-groups").setAttribute("lang", language);
  $("review-groups").replaceChildren(
    ...steps.map(({ section, items }, at) =>
      el("section", { class: "review-group" }, el("h2", {}, said(section.title, language)), el("dl", { class: "review" }, items.map((item) => reviewLine(item, kept.get(item.id), at, language)))),
    ),
  );
  for (const input of $("assisted").elements) input.checked = input.value === interview.draft.assisted_by;
}

function reviewLine(item, given, at, language) {
  const text = answerText(here.interview.document, item, given, language);
  const change = el("a", { href: `#/form/${at}` }, word("change"), el("span", { class: "visually-hidden" }, ` – ${said(item.text, language)}`));
  return el("div", {}, el("dt", {}, said(item.text, language)), el("dd", {}, text ?? el("span", { class: "soft" }, word("blank"))), el("dd", { class: "change" }, change));
}

async function complete(event) {
  event.preventDefault();
  const chosen = new FormData(event.target).get("assisted");
  if (chosen === null) return showReview(null, word("say-who-helped"));
  const { interview } = here, button = event.target.querySelector(".button");
  interview.draft.assisted_by = chosen;
  if (!interview.path.kept.size) return showReview(null, word("nothing-answered"));
  button.disabled = true;
  try {
    const { assignment } = interview.draft;
    await interview.complete();
    here.interview = null;
    here.last = assignment;
    location.replace("#/done");
  } catch {
    showReview(null, word("not-saved"));
  }
  button.disabled = false;
}

async function showDone() {
  const { waiting } = await here.queue.counts();
  $("done-queue").textContent = word("waiting", waiting);
  $("again").hidden = !here.last;
}

// ---- the queue

async function showQueue() {
  const { queue } = here, [counts, listed] = [await queue.counts(), await queue.list()];
  for (const name of ["waiting", "sent", "quarantined"]) $(`count-${name}`).textContent = String(counts[name]);
  $("oldest").textContent = counts.oldest === null ? "–" : age(counts.oldest);
  $("queue-notices").replaceChildren(...warnings(counts));
  const lines = listed.filter(({ state }) => state !== "sent").map(queueLine);
  $("queue-list").replaceChildren(...lines);
  $("queue-list").hidden = !lines.length;
}

function queueLine({ made, state, about, message, code, tries }) {
  const when = new Intl.DateTimeFormat(shellLanguage, { dateStyle: "short", timeStyle: "short" }).format(made);
  const what = state === "quarantined" ? `${said(message, shellLanguage) || word("quarantined")} (${code ?? "–"})` : `${word("waits")}${tries ? ` · ${word("tries", tries)}` : ""}`;
  const mine = about.key === here.vault.id ? "" : ` · ${word("of", 0).replace("0", about.login)}`;
  return el("li", { class: "card" }, el("p", {}, `${about.place} · ${about.unit}`), el("p", { class: "soft" }, `${when}${mine}`), el("p", { class: state === "quarantined" ? "problem" : null }, what));
}

function age(seconds) {
  const hours = Math.floor(seconds / 3600);
  return hours < 1 ? word("minutes", Math.max(1, Math.floor(seconds / 60))) : hours < 48 ? word("hours", hours) : word("days", Math.floor(hours / 24));
}

async function sendNow() {
  const report = await here.queue.send(target());
  if (!report.trouble) here.trouble = null;
  await refreshWork();
  show();
}

async function exportQueue() {
  const address = URL.createObjectURL(await exported(here.queue, page.device));
  const link = el("a", { href: address, download: `${word("file-name")}-${new Date().toISOString().slice(0, 10)}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Tells the server that this tablet lives and how long its queue is (O9). */
async function sign() {
  const { waiting, oldest } = await here.queue.counts();
  const battery = await navigator.getBattery?.().then(({ level }) => Math.round(level * 100), () => null);
  await ask("/devices/heartbeat", { app_version: page.version, queue_length: waiting, queue_oldest_h: oldest === null ? null : Math.floor(oldest / 3600), battery: battery ?? null });
}

// ---- the app itself: kept for the time without a network, renewed only when no form is open

async function install() {
  if (!navigator.serviceWorker) return;
  const had = Boolean(navigator.serviceWorker.controller);
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  const renew = () => !here.interview && registration.waiting?.postMessage("skip-waiting");
  const look = () => registration.update().then(renew, () => {});
  navigator.serviceWorker.addEventListener("controllerchange", () => had && !here.interview && location.reload());
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", renew));
  setInterval(look, 6 * HOUR);
  addEventListener("hashchange", renew);
  renew();
}

function networkSign() {
  $("network").textContent = word(navigator.onLine ? "online" : "offline");
}

async function start() {
  networkSign();
  addEventListener("online", () => (networkSign(), here.vault && refreshWork()));
  addEventListener("offline", networkSign);
  install();
  try {
    here.queue = await openQueue({
      name: "tablet",
      server: page.server,
      seal: (record, id) => here.vault.seal(record, id),
      prepare: async ({ id, sealed, about }) => {
        if (about?.key !== here.vault?.id) return null;
        const record = await here.vault.open(sealed, id);
        return { record, expects: { sha256: record.sha256 } };
      },
    });
  } catch (error) {
    if (!(error instanceof NoStorage)) throw error;
    for (const screen of document.querySelectorAll(".screen")) screen.hidden = screen.id !== "no-storage";
    return;
  }
  here.queue.addEventListener("trouble", ({ detail }) => (here.trouble = detail.kind));
  here.queue.addEventListener("changed", () => ["home", "queue", "done"].includes(route()[0]) && here.vault && show());
  here.queue.addEventListener("sent", () => (here.trouble = null));
  $("sign-in").querySelector("form").onsubmit = signIn;
  $("review-form").onsubmit = complete;
  $("review-back").onclick = () => history.back();
  $("lock").onclick = lock;
  $("send-now").onclick = sendNow;
  $("sync").onclick = sendNow;
  $("export").onclick = exportQueue;
  $("again").onclick = () => startAt(here.last);
  document.addEventListener("click", (event) => {
    const control = $(event.target.closest?.("[data-item]")?.dataset.item ?? "");
    if (!control) return;
    event.preventDefault();
    control.focus();
  });
  addEventListener("hashchange", show);
  setInterval(() => here.vault && sign(), SIGN_EVERY);
  show();
}

start();
