// Small comforts on forms that already work without scripts: focus on the list of errors, one
// sending at a time, a word where a form did not arrive, and how many characters are left. It never checks
// an answer, the server does; and it keeps nothing: on a shared phone that would be another's.

const summary = document.getElementById("error-summary");
if (summary) summary.focus();

for (const link of summary ? summary.querySelectorAll("a[href^='#']") : []) {
  link.addEventListener("click", (event) => {
    const control = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!control) return;
    event.preventDefault();
    control.focus({ preventScroll: true });
    (control.closest(".question, .field") || control).scrollIntoView();
  });
}

// A second tap within five seconds is dropped; after that the person may try again.
const sentAt = new WeakMap();
document.addEventListener("submit", (event) => {
  const now = Date.now();
  const form = event.target;
  if (now - (sentAt.get(form) ?? -Infinity) < 5000) event.preventDefault();
  else {
    sentAt.set(form, now);
    // The language button shows the page again; that is the browser's to do.
    if (form.dataset.unsent && !event.submitter?.name) {
      event.preventDefault();
      send(form);
    }
  }
});

// A form whose sending is cut off stays as it is, and says so: pressing again is harmless, because the
// server knows the form (P8). Only an answer that bears the site's mark counts: a network's sign-in page has none.
async function send(form) {
  const stop = new AbortController();
  const told = [setTimeout(say, 1000, form, form.dataset.sending), setTimeout(() => stop.abort(), 30000)];
  sentAt.set(form, Infinity);
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Survey-Send": "1" },
      signal: stop.signal,
    });
    if (answer.headers.get("X-Survey-Send") !== "1" || !answer.ok) throw new Error("not kept");
    const { to } = await answer.json();
    // A page with something to say is the browser's own to fetch; nothing was kept.
    if (!to) HTMLFormElement.prototype.submit.call(form);
    else window.location.assign(new URL(to, window.location.origin).href);
    sentAt.set(form, Date.now());
  } catch {
    say(form, form.dataset.unsent, "is-bad");
    sentAt.delete(form);
  }
  told.forEach(clearTimeout);
}

function say(form, words, tone = "") {
  let place = form.querySelector(".sending");
  if (!place) {
    place = document.createElement("p");
    place.setAttribute("role", "alert");
    form.querySelector(".buttons").before(place);
  }
  place.className = `sending notice ${tone}`;
  place.textContent = words;
  if (tone) form.querySelector(".buttons button").textContent = form.dataset.again;
}

// A page brought back from the browser's memory may be the former person's: the server decides again who
// sees it. Until it can be asked, the page is put away; if it is still the same form's, it comes back as it was
// left, with all that was typed (P6). Nothing is kept anywhere else.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) askAgain();
});

async function askAgain() {
  const main = document.getElementById("main");
  const { unreachable, again } = document.body.dataset;
  const ours = main.querySelector("#answers input[name=form]");
  if (!ours || !unreachable) return window.location.replace(window.location.href);
  const away = Object.assign(document.createElement("main"), { id: "main", tabIndex: -1 });
  main.replaceWith(away);
  try {
    const answer = await fetch(window.location.href);
    if (answer.status >= 500) throw new Error("not now");
    const there = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#answers");
    if (there?.elements.form.value !== ours.value) return window.location.replace(window.location.href);
    ours.form.elements.csrf_token.value = there.elements.csrf_token.value;
    main.querySelector(".sending")?.remove();
    away.replaceWith(main);
  } catch {
    waitFor(away, main, unreachable, again);
  }
}

function waitFor(away, main, words, again) {
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = again;
  button.addEventListener("click", () => {
    away.replaceWith(main);
    askAgain();
  });
  away.className = "width stack";
  away.append(Object.assign(document.createElement("h1"), { textContent: words }), button);
}

const letters = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("vi") : null;
const lengthOf = (text) => (letters ? [...letters.segment(text)].length : [...text.normalize("NFC")].length);

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const left = document.createElement("p");
  left.className = "hint";
  left.setAttribute("role", "status");
  area.after(left);
  let waiting = 0;
  const count = () => {
    const room = Number(area.dataset.limit) - lengthOf(area.value);
    left.textContent = (room < 0 ? area.dataset.over : area.dataset.left).replace("#", String(Math.abs(room)));
  };
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(count, 400);
  });
  if (area.value) count();
}
