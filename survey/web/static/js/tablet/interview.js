// One interview: begun, kept page by page under the enumerator's key, completed into a record for the queue.
// A draft is on the tablet only; nothing of it is sent before the form is complete (O1, F23).

import { toHex } from "../queue.js";
import { answersSha256, pathOf, readValue } from "./routing.js";

const nameOf = (login) => `draft:${login}`;
/** Drafts that could not be opened: never written over, and looked at again, for a key may come back. */
const asideOf = (login) => `aside:${login}`;

export class Interview {
  constructor(queue, vault, document, draft) {
    Object.assign(this, { queue, vault, document, draft, answers: new Map(draft.answers), since: performance.now() });
    this.saving = Promise.resolve();
  }

  /** Begins an interview of an assignment; its id is random, 128 bits. */
  static begin(queue, vault, document, assignment, language) {
    const draft = {
      response_id: toHex(crypto.getRandomValues(new Uint8Array(16))),
      assignment,
      language,
      assisted_by: undefined,
      begun_at: Date.now(),
      seconds: 0,
      at: 0,
      answers: [],
    };
    return new Interview(queue, vault, document, draft);
  }

  /** Finds the interview that was under way when the tablet was switched off, or null. */
  static async underWay(queue, vault) {
    const name = nameOf(vault.login), sealed = (await queue.recall(name)) ?? (await backFromAside(queue, vault));
    if (!sealed) return null;
    const draft = await opened(vault, sealed);
    if (!draft) await putAside(queue, vault.login, sealed);
    else if (!(await queue.list()).some(({ id }) => id === draft.response_id)) return draft;
    await queue.forget(name); // it lies aside, or was completed just before
    return null;
  }

  /** Counts the drafts that lie aside because nothing opens them. */
  static async aside(queue, login) {
    return ((await queue.recall(asideOf(login))) ?? []).length;
  }

  get path() {
    return pathOf(this.document, this.answers);
  }

  /** Takes what stands on a page; gives its problems [{ item, code, limit }]. Blank answers are no answers. */
  take(items, typed) {
    const problems = [];
    for (const item of items) {
      const { value, problem, limit } = readValue(this.document, item, typed.get(item.id));
      if (problem) problems.push({ item, code: problem, limit });
      else if (value === undefined) this.answers.delete(item.id);
      else this.answers.set(item.id, value);
    }
    const shown = new Set(this.path.steps.flatMap((step) => step.items));
    const missing = items.filter((item) => item.required && shown.has(item) && !this.answers.has(item.id));
    const wrong = new Set(problems.map(({ item }) => item));
    return [...problems, ...missing.filter((item) => !wrong.has(item)).map((item) => ({ item, code: "required" }))];
  }

  /** Keeps the draft; rejects when it is not kept, so that nobody is told that it is. */
  save() {
    this.saving = this.saving.catch(() => {}).then(async () => {
      this.draft.seconds += (performance.now() - this.since) / 1000;
      this.since = performance.now();
      this.draft.answers = [...this.answers];
      const name = nameOf(this.vault.login);
      const sealed = await this.vault.seal(this.draft, name);
      await this.queue.remember(name, sealed);
      const kept = await this.queue.recall(name);
      if (kept?.length !== sealed.length || kept.some((byte, at) => byte !== sealed[at])) throw new Error("not kept");
    });
    return this.saving;
  }

  drop() {
    return this.saving.catch(() => {}).then(() => this.queue.forget(nameOf(this.vault.login)));
  }

  /** Puts the whole form into the queue, and only then forgets the draft; NotSaved leaves the draft. */
  async complete() {
    await this.save();
    const { response_id, assignment, language, assisted_by, begun_at, seconds } = this.draft;
    const { kept } = this.path;
    const record = {
      response_id,
      round: assignment.round,
      assignment: assignment.id,
      questionnaire_sha256: assignment.questionnaire,
      sha256: await answersSha256(assignment.questionnaire, kept),
      language,
      assisted_by: assisted_by || null,
      begun_at,
      completed_at: Date.now(),
      duration_s: Math.round(seconds),
      answers: Object.fromEntries(kept),
    };
    const about = { key: this.vault.id, login: this.vault.login, assignment: assignment.id, place: assignment.place, unit: assignment.unit };
    await this.queue.add({ id: response_id, record, about });
    await this.drop();
    return record;
  }
}

const opened = (vault, sealed) => vault.open(sealed, nameOf(vault.login)).catch(() => null);

async function putAside(queue, login, sealed) {
  const kept = (await queue.recall(asideOf(login))) ?? [], letters = String(sealed);
  if (!kept.some((one) => String(one) === letters)) await queue.remember(asideOf(login), [...kept, sealed]);
}

/** Takes a draft that lay aside and opens now; gives it, or null. */
async function backFromAside(queue, vault) {
  const kept = (await queue.recall(asideOf(vault.login))) ?? [];
  for (const sealed of kept) {
    if (!(await opened(vault, sealed))) continue;
    await queue.remember(nameOf(vault.login), sealed);
    await queue.remember(asideOf(vault.login), kept.filter((one) => one !== sealed));
    return sealed;
  }
  return null;
}
