// Which questions follow from which answers, and what an answer is, exactly as survey/questionnaires does it:
// a test draws cases and holds both equal. The server decides all of it again when a form arrives.

const FORBIDDEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/u;
const SPACES = "[\\t\\n \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${SPACES}|${SPACES}$`, "g");
const DEFAULT_LENGTH = 1000;
const encoder = new TextEncoder();

/** Says whether a rule holds; `answers` maps an item to an option, a list of options, or a text. */
export function holds(rule, answers) {
  if ("item" in rule) {
    const given = answers.get(rule.item);
    return given !== undefined && [given].flat().some((option) => rule.in.includes(option));
  }
  if ("answered" in rule) return answers.has(rule.answered);
  if ("not" in rule) return !holds(rule.not, answers);
  return "all" in rule ? rule.all.every((part) => holds(part, answers)) : rule.any.some((part) => holds(part, answers));
}

/** Walks the sections that answers lead to: [{ section, items }], and what is kept of the answers on that path. */
export function pathOf(document, answers) {
  const kept = new Map(), steps = [];
  for (const section of document.sections) {
    if (section.show_if && !holds(section.show_if, kept)) continue;
    const items = [];
    for (const item of section.items) {
      if (item.show_if && !holds(item.show_if, kept)) continue;
      if (answers.has(item.id)) kept.set(item.id, answers.get(item.id));
      items.push(item);
    }
    if (items.length) steps.push({ section, items });
  }
  return { steps, kept };
}

/** Reads the raw answer of one item: { value } (undefined when blank) or { problem, limit }. */
export function readValue(document, item, raw) {
  if (raw === undefined || raw === null) return {};
  if (item.kind === "text") return readText(raw, item.max_length ?? DEFAULT_LENGTH);
  const options = document.scales.find(({ id }) => id === item.scale).options.map(({ id }) => id);
  if (item.kind === "single") return raw === "" ? {} : options.includes(raw) ? { value: raw } : { problem: "unknown-option" };
  const chosen = options.filter((option) => raw.includes(option));
  if (item.max_choices && chosen.length > item.max_choices) return { problem: "too-many-choices", limit: item.max_choices };
  return chosen.length ? { value: chosen } : {};
}

function readText(raw, limit) {
  const plain = raw.replaceAll("\r", "");
  if ([...raw].length > limit * 4) return { problem: "too-long", limit };
  if (FORBIDDEN.test(plain)) return { problem: "forbidden-character" };
  const text = plain.normalize("NFC").replace(ENDS, "");
  const marks = [...text].filter((letter) => /[\p{M}\u200c\u200d\ufe0e\ufe0f]/u.test(letter)).length;
  const letters = [...text].length - marks;
  const bytes = encoder.encode(text).length - marks * 2;
  if (Math.max(letters, marks) > limit || bytes > limit * 3) return { problem: "too-long", limit };
  return text ? { value: text } : {};
}

function byCodePoint([one], [other]) {
  const [left, right] = [[...one], [...other]].map((letters) => letters.map((letter) => letter.codePointAt(0)));
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}

/** Writes answers as canonical JSON: keys in the order of their code points, no spaces. */
export function canonical(answers) {
  const pairs = [...answers].sort(byCodePoint).map(([item, given]) => `${JSON.stringify(item)}:${JSON.stringify(given)}`);
  return `{${pairs.join(",")}}`;
}

/** Hashes answers together with the hash of the questionnaire that they answer. */
export async function answersSha256(questionnaire, answers) {
  return digestOf(encoder.encode(`${questionnaire}\n${canonical(answers)}`));
}

export async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
