// Keys for the entry page of a paper form: digits choose, Enter goes on, Shift + Enter goes back.
// The page works without it: every answer is a plain control, and Enter then sends nothing.

const form = document.querySelector("form[data-keying]");
const entries = [...form.querySelectorAll(".entry")];
let dirty = false;

function controlOf(entry) {
  const radio = entry.querySelector("input[type=radio]:checked");
  return radio || entry.querySelector("textarea, input:not([data-aside])");
}

function go(entry, step) {
  const next = entries[entries.indexOf(entry) + step];
  const target = next ? controlOf(next) : step > 0 ? form.querySelector(".buttons button") : null;
  if (!target) return;
  target.focus({ preventScroll: true });
  (next || target).scrollIntoView({ block: "nearest" });
}

function choose(entry, key) {
  const control = entry.querySelector(`input[data-key="${key}"]`);
  if (!control) return false;
  if (control.type === "checkbox") control.checked = !control.checked;
  else control.checked = true;
  dirty = true;
  control.focus({ preventScroll: true });
  if (control.type === "radio") go(entry, 1);
  return true;
}

form.addEventListener("keydown", (event) => {
  const entry = event.target.closest(".entry");
  if (!entry || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    go(entry, event.shiftKey ? -1 : 1);
  } else if (event.target.tagName !== "TEXTAREA" && /^[0-9xX]$/.test(event.key)) {
    if (choose(entry, event.key.toLowerCase())) event.preventDefault();
  }
});
form.addEventListener("input", () => (dirty = true));
form.addEventListener("submit", () => (dirty = false));
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

if (!document.getElementById("error-summary") && entries.length) controlOf(entries[0]).focus();
