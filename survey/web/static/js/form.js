// Small comforts on forms that already work without scripts: focus on the list of errors, one
// sending at a time, and how many characters are left. It never checks an answer; the server does.

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
  if (now - (sentAt.get(event.target) ?? -Infinity) < 5000) event.preventDefault();
  else sentAt.set(event.target, now);
});
// A page brought back from the browser's memory may be the former person's: the server decides again who
// sees it. Loading again keeps what is typed; the answer to a form is fetched instead, not sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (summary) window.location.replace(window.location.href);
  else window.location.reload();
});

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
