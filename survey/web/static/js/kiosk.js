// The shared screen forgets: asks after 60 s without touch, counts 20 s down, then goes to the first screen;
// leaves the thank-you screen by itself; and never shows a page brought back from the browser's memory.

const start = document.body.dataset.start || "/";
const dialog = document.getElementById("idle");
const returnAfter = Number(document.body.dataset.return || 0);

const toStart = () => window.location.replace(start);

window.addEventListener("pageshow", (event) => {
  if (event.persisted) toStart();
});

if (returnAfter > 0) setTimeout(toStart, returnAfter * 1000);

if (dialog) watch(dialog, Number(dialog.dataset.idle), Number(dialog.dataset.countdown));

function watch(dialog, idleSeconds, countdownSeconds) {
  const shown = dialog.querySelector(".count");
  let idle = 0;
  let countdown = 0;

  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(ask, idleSeconds * 1000);
  };

  const stay = () => {
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
        toStart();
      }
    };
    tick();
    dialog.showModal();
    countdown = setInterval(tick, 250);
  }

  dialog.addEventListener("close", stay);
  dialog.querySelector("[data-answer='stay']").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-answer='leave']").addEventListener("click", toStart);
  for (const touch of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(touch, () => (dialog.open ? undefined : wait()), { passive: true, capture: true });
  }
  wait();
}

// A second tap on an answer within two seconds is the same tap.
let tapped = 0;
document.addEventListener("submit", (event) => {
  const now = Date.now();
  if (now - tapped < 2000) event.preventDefault();
  else tapped = now;
});
