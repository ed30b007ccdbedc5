// Draws one page of a questionnaire with the markup of templates/components.html, and reads what was typed.
// Words come from the page, texts from the questionnaire; nothing is ever put into the page as HTML.

/** Makes an element; attributes that are null, undefined or false are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

export const said = (text, language) => text?.[language] ?? text?.vi ?? "";

/** Draws a question. `given` is what was answered or typed, `error` the sentence of its problem. */
export function question(document_, item, given, error, language, word) {
  const options = item.scale && document_.scales.find(({ id }) => id === item.scale).options;
  const hint = hintOf(item, language, word);
  const described = [hint && `${item.id}-hint`, error && `${item.id}-problem`].filter(Boolean).join(" ") || null;
  const notes = [
    hint && el("p", { class: "hint", id: `${item.id}-hint` }, hint),
    error && el("p", { class: "problem", id: `${item.id}-problem` }, el("span", { class: "visually-hidden" }, `${word("error")}: `), error),
  ];
  const kind = item.kind === "multiple" ? " is-multiple" : "";
  const text = said(item.text, language);
  const inside = options
    ? el("fieldset", { "aria-describedby": described }, el("legend", {}, text), notes, el("div", { class: "options" }, options.map((option, at) => choice(item, option, at, given, error, language))))
    : [
        el("label", { class: "label", for: item.id }, text),
        ...notes,
        el("textarea", { name: item.id, id: item.id, rows: 4, "aria-describedby": described, "aria-invalid": error ? "true" : null }, given ?? ""),
      ];
  return el("div", { class: `question${kind}${error ? " is-wrong" : ""}` }, inside);
}

function choice(item, option, at, given, error, language) {
  const input = el("input", {
    type: item.kind === "multiple" ? "checkbox" : "radio",
    name: item.id,
    id: at ? null : item.id,
    value: option.id,
    checked: [given].flat().includes(option.id),
    "aria-invalid": error ? "true" : null,
  });
  return el("label", { class: `option${option.excluded ? " is-apart" : ""}` }, input, " ", el("span", {}, said(option.label, language)));
}

function hintOf(item, language, word) {
  if (item.hint) return said(item.hint, language);
  if (item.kind === "multiple") return item.max_choices ? word("most", item.max_choices) : word("several");
  return item.max_length ? word("letters", item.max_length) : null;
}

/** Reads what stands in a form, item by item, as it was typed. */
export function typedIn(form, items) {
  const data = new FormData(form);
  return new Map(items.map((item) => [item.id, item.kind === "multiple" ? data.getAll(item.id) : (data.get(item.id) ?? undefined)]));
}

/** Draws the list of problems as the server's pages do. */
export function summary(problems, word) {
  const lines = problems.map(({ item, text }) => el("li", {}, el("a", { href: `#${item}`, "data-item": item }, text)));
  const title = el("h2", { id: "error-summary-title" }, word("look-again"));
  return el("div", { class: "error-summary", id: "error-summary", role: "alert", tabindex: "-1", "aria-labelledby": "error-summary-title" }, title, el("ul", {}, lines));
}

/** Says an answer in words. */
export function answerText(document_, item, given, language) {
  if (given === undefined) return null;
  if (!item.scale) return given;
  const options = document_.scales.find(({ id }) => id === item.scale).options;
  return [given].flat().map((chosen) => said(options.find(({ id }) => id === chosen)?.label, language)).join("; ");
}
