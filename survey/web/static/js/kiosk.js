// The shared screen forgets: asks after 60 s without touch, counts 20 s down, then goes to the first screen;
// leaves the thank-you screen by itself; and never shows a page brought back from the browser's memory.
// On an enrolled kiosk kiosk/visit.js goes on from here in one document.

const start = document.body.dataset.start || "/";
const dialog = document.getElementById("idle");
const returnAfter = Number(document.body.dataset.return || 0);

const toStart = () => window.location.replace(start);

window.addEventListener("pageshow", (event) => {
  if (event.persisted) toStart();
});

if (returnAfter > 0) setTimeout(toStart, returnAfter * 1000);

if (dialog) watch(dialog, toStart);

// The few seconds between two people's answers: the page sends itself again, with all that was chosen.
const waiting = document.querySelector("form[data-resend]");
if (waiting) setTimeout(() => waiting.requestSubmit(), Number(waiting.dataset.resend) * 1000);

/** Watches for a minute without touch and asks; gives a function that stops the watch. */
export function watch(dialog, leave) {
  const shown = dialog.querySelector(".count");
  const [idleSeconds, countdownSeconds] = [Number(dialog.dataset.idle), Number(dialog.dataset.countdown)];
  const over = new AbortController();
  let idle = 0;
  let countdown = 0;
  let asking = false;

  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(ask, idleSeconds * 1000);
  };

  const stay = () => {
    if (!asking) return;
    asking = false;
    clearInterval(countdown);
    wait();
  };

  function ask() {
    const end = Date.now() + countdownSeconds * 1000;
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      shown.textContent = String(left);
      if (left === 0) {
        clearInterval(countdown);
        leave();
      }
    };
    asking = true;
    tick();
    dialog.showModal();
    countdown = setInterval(tick, 250);
  }

  const closed = () => (dialog.open ? undefined : stay());
  dialog.addEventListener("close", closed);
  dialog.querySelector("[data-answer='stay']").addEventListener("click", () => {
    // At once: the dialog tells of its closing only a moment later.
    stay();
    dialog.close();
  });
  dialog.querySelector("[data-answer='leave']").addEventListener("click", leave);
  for (const touch of ["pointerdown", "keydown", "input", "scroll"]) {
    const heard = () => (dialog.open ? undefined : wait());
    document.addEventListener(touch, heard, { passive: true, capture: true, signal: over.signal });
  }
  wait();
  return () => {
    over.abort();
    dialog.removeEventListener("close", closed);
    clearTimeout(idle);
    clearInterval(countdown);
  };
}

// A second tap on an answer within two seconds is the same tap.
let tapped = 0;
document.addEventListener("submit", (event) => {
  const now = Date.now();
  if (now - tapped < 2000 && !event.target.dataset.resend) event.preventDefault();
  else tapped = now;
});
